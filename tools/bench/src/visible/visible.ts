import { Client } from '@loa/outside';
import os from 'node:os';
import type { Bench } from '../bench.js';
import { busySince } from '../system/cpu.js';
import { aimed } from '../report.js';
import type { Aim } from '../rounds.js';
import { median, percentile, shuffled, spreadOf, type Spread } from '../statistics.js';
import { figure, type Table } from '@loa/terminal';
import type pg from 'pg';
import { Corrections, makeDrafts } from './drafts.js';
import { steadily } from './pace.js';
import { POLL_MS, Watcher } from './watcher.js';

interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** All times in milliseconds. */
export interface Delay {
  readonly mode: 'standalone' | 'distributed';
  readonly perSecond: number;
  readonly watched: number;
  /** From the moment when the mutation was due to its answer: also the time that it waited to be sent. */
  readonly answered: Times;
  /** From that answer to the answer of the poll that shows the row. */
  readonly visible: Times;
  /** From the moment when the mutation was due to the answer of the poll that shows it. */
  readonly inAll: Times;
  /** What one poll takes: the least that can be measured. */
  readonly poll: Times;
  readonly pollInterval: number;
  /** How busy the whole machine was, 0 to 1. */
  readonly busy: number;
  /** visible over poll, of the p50 of each round. */
  readonly ratio: Spread;
  /** Of the p99 of visible. */
  readonly aim?: Aim;
}

/** At so many commands a second p99 is to be below, in ms. */
const AIM_AT = 200;
const aims: Readonly<Record<Delay['mode'], number>> = { standalone: 100, distributed: 250 };

interface Round {
  readonly answered: readonly number[];
  readonly visible: readonly number[];
  readonly inAll: readonly number[];
  readonly polls: readonly number[];
  readonly intervals: readonly number[];
  readonly busy: number;
}

/** More than a second's worth of commands, so that two commands never meet in one activity. */
const DRAFTS = 400;
const SECONDS = 4;
const WARM_UP_SECONDS = 2;

/** A system, seen from outside and from its read database. */
export interface Seen {
  readonly mode: Delay['mode'];
  /** Of the gateway. */
  readonly url: string;
  readonly readDatabase: pg.Client;
}

/** How long it takes from the accepted answer of a command until the row of what it did can be read. */
export async function delays(bench: Bench, { mode, url, readDatabase }: Seen): Promise<Delay[]> {
  const client = new Client(url);
  try {
    bench.step(`${mode}: ${DRAFTS} drafts`);
    const corrections = new Corrections(client, await makeDrafts(client, DRAFTS));
    const rates = bench.quick ? [50] : [50, AIM_AT];
    // Not counted: code is compiled and connections are opened, for the fastest pace too.
    for (const rate of rates) await roundOf(readDatabase, corrections, rate, WARM_UP_SECONDS);
    const rounds = new Map(rates.map((rate) => [rate, [] as Round[]]));
    bench.step(`${mode}: ${rates.join(' and ')} commands a second`);
    for (let round = 0; round < (bench.quick ? 1 : 3); round += 1) {
      for (const rate of shuffled(rates))
        rounds.get(rate)!.push(await roundOf(readDatabase, corrections, rate, SECONDS));
    }
    return [...rounds].map(([perSecond, list]) => {
      const found = { mode, perSecond, ...summary(list) };
      const wanted = aims[mode];
      return perSecond === AIM_AT ? { ...found, aim: { wanted, met: found.visible.p99 < wanted } } : found;
    });
  } finally {
    client.close();
  }
}

/** So many corrections a second. */
async function roundOf(
  readDatabase: pg.Client,
  corrections: Corrections,
  perSecond: number,
  seconds: number,
): Promise<Round> {
  const watcher = new Watcher(readDatabase);
  const answered: number[] = [];
  const visible: number[] = [];
  const inAll: number[] = [];
  const cpus = os.cpus();
  await steadily(perSecond, seconds, async (_, due) => {
    const accepted = await corrections.next();
    answered.push(performance.now() - due);
    visible.push(await watcher.until(accepted));
    inAll.push(performance.now() - due);
  });
  const { polls, intervals } = watcher;
  return { answered, visible, inAll, polls, intervals, busy: busySince(cpus) };
}

const times = (list: readonly number[]): Times => ({
  p50: percentile(list, 0.5),
  p99: percentile(list, 0.99),
});

function summary(rounds: readonly Round[]): Omit<Delay, 'mode' | 'perSecond' | 'aim'> {
  const intervals = rounds.flatMap((round) => round.intervals);
  return {
    watched: rounds.reduce((sum, { visible }) => sum + visible.length, 0),
    answered: times(rounds.flatMap((round) => round.answered)),
    visible: times(rounds.flatMap((round) => round.visible)),
    inAll: times(rounds.flatMap((round) => round.inAll)),
    poll: times(rounds.flatMap((round) => round.polls)),
    pollInterval: intervals.length === 0 ? POLL_MS : median(intervals),
    busy: median(rounds.map(({ busy }) => busy)),
    ratio: spreadOf(rounds.map(({ visible, polls }) => median(visible) / median(polls))),
  };
}

const pair = ({ p50, p99 }: Times) => `${figure(p50)} / ${figure(p99)}`;

export const visibleTable = (mode: Delay['mode'], found: readonly Delay[]): Table => ({
  title: `Command accepted → row visible in the read database, ${mode} (ms, p50 / p99)`,
  columns: [
    'commands/s',
    'watched',
    'answered',
    'visible',
    'in all',
    'one poll',
    'poll every',
    'busy',
    'ratio',
    'min–max',
    'aim p99',
  ],
  rows: found.map((one) => [
    one.perSecond,
    one.watched,
    pair(one.answered),
    pair(one.visible),
    pair(one.inAll),
    pair(one.poll),
    one.pollInterval,
    `${Math.round(one.busy * 100)} %`,
    `×${one.ratio.median.toFixed(2)}`,
    `${one.ratio.min.toFixed(2)}–${one.ratio.max.toFixed(2)}`,
    aimed(one.aim, '<'),
  ]),
  notes: [
    'answered: from when the command was due to its answer; visible: from that answer to the answer of the poll that shows the row; in all: from due to shown.',
    'Polling adds up to the interval between polls. ratio: visible to one poll, the least that can be seen, p50 by p50.',
    'busy: all cores, by everything on this machine; near 100 % commands queue up and the times say no more than that.',
  ],
});
