import { isTransient } from '@loa/database';
import type { FailPointName } from '@loa/fail-points';
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { databaseAhead } from '../checks/database-clock.js';
import { gather, gatherReaders } from '../checks/gather.js';
import { judge, judgeCleared, judgeLate, type Finding } from '../checks/judge.js';
import type { ReaderEvidence } from '../checks/evidence.js';
import type { Fault, FaultKind } from '../schedule/faults.js';
import type { Schedule } from '../schedule/schedule.js';
import { clearParked } from './clear-parked.js';
import { freshAgain } from './fresh-again.js';
import { inflict } from './inflict.js';
import { settle } from './settle.js';
import { World, type Sabotage, type Servers } from './world.js';

const DATABASE_BACK_WITHIN_MS = 10_000;
const LOOK_MS = 100;

/** How a run went. */
export interface Outcome {
  readonly seed: number;
  readonly seconds: number;
  readonly events: number;
  readonly calls: number;
  readonly acknowledged: number;
  /** Calls whose outcome their caller was not told. */
  readonly unknown: number;
  readonly kills: number;
  /** Without the kills of processes. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly leftOut: Readonly<Partial<Record<FaultKind, number>>>;
  /** Where processes were killed or frozen at a fail point. */
  readonly tripped: Readonly<Partial<Record<FailPointName, number>>>;
  /** How often readers said up to when nothing is missing. */
  readonly claims: number;
  readonly parked: number;
  /** Parked events that failed still when everything was mended, and were left out. */
  readonly dropped: number;
  readonly recoveryMs: number;
  readonly findings: readonly Finding[];
}

/** Of a run that broke off: what happened is not known, which is a finding too, and the next seed is run all the same. */
export const brokenOff = (seed: number, error: unknown): Outcome => ({
  seed,
  seconds: 0,
  events: 0,
  calls: 0,
  acknowledged: 0,
  unknown: 0,
  kills: 0,
  faults: {},
  leftOut: {},
  tripped: {},
  claims: 0,
  parked: 0,
  dropped: 0,
  recoveryMs: 0,
  findings: [{ rule: 'can be judged', what: inspect(error) }],
});

/** Carries out a schedule over real processes, and judges what came of it. @param folder for journals and logs */
export async function runSeed(
  servers: Servers,
  schedule: Schedule,
  folder: string,
  sabotage: Sabotage = {},
): Promise<Outcome> {
  const started = performance.now();
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/schedule.json`, JSON.stringify(schedule, null, 2));
  const world = await World.open(servers, schedule, folder, sabotage);
  try {
    const ahead = await databaseAhead(servers.postgres.addresses(world.run, 'direct').rows);
    await storm(world);
    await heal(world);
    const settled = await settle(world);
    const stillSilent = settled.late.length === 0 ? await freshAgain(world) : [];
    const evidence = await gather(world, settled, ahead);
    const cleared = settled.late.length === 0 ? await clear(world) : nothingCleared;
    const answered = evidence.calls.map(({ outcome }) => outcome.status);
    return {
      seed: schedule.seed,
      seconds: (performance.now() - started) / 1_000,
      events: evidence.stored.length,
      calls: answered.length,
      acknowledged: answered.filter((status) => status === 'appended' || status === 'duplicate').length,
      unknown: answered.filter((status) => status === 'unknown').length,
      kills: [...world.members.values()].reduce((sum, { counts }) => sum + counts.kills, 0),
      faults: Object.fromEntries([...world.counts].filter(([kind]) => kind !== 'kill')),
      leftOut: Object.fromEntries(world.leftOut),
      tripped: trippedIn(world),
      claims: evidence.claims.length,
      parked: evidence.readers.reduce((sum, { parked }) => sum + parked.length, 0),
      recoveryMs: settled.recoveryMs,
      dropped: cleared.readers.reduce((sum, { dropped }) => sum + dropped.length, 0),
      findings: [
        ...judge(evidence),
        ...judgeLate([...stillSilent, ...cleared.late]),
        ...judgeCleared(cleared.readers, evidence.stored),
      ],
    };
  } finally {
    await world.end();
    await servers.postgres.drop(world.run);
  }
}

/** Nothing is wrong from here on. */
async function heal(world: World): Promise<void> {
  await world.servers.postgres.heal();
  await world.servers.brokers?.whole();
  world.heal();
}

function trippedIn({ members }: World): Outcome['tripped'] {
  const counts: Partial<Record<FailPointName, number>> = {};
  for (const point of [...members.values()].flatMap(({ tripped }) => tripped))
    counts[point] = (counts[point] ?? 0) + 1;
  return counts;
}

interface Cleared {
  readonly readers: readonly ReaderEvidence[];
  readonly late: readonly string[];
}
const nothingCleared: Cleared = { readers: [], late: [] };

/** What the readers hold when nothing is parked any more. */
async function clear(world: World): Promise<Cleared> {
  const late = await clearParked(world);
  if (late.length > 0) return { readers: [], late };
  return { readers: await gatherReaders(world.servers.postgres.addresses(world.run, 'direct').rows), late };
}

/** The load with all faults at their time. Resolves when the last one is over. */
async function storm(world: World): Promise<void> {
  const { faults, loadMs } = world.schedule;
  const failed: unknown[] = [];
  await Promise.all([
    pause(loadMs),
    ...faults.map(async (fault) => {
      await pause(fault.at);
      await strike(world, fault).catch((error: unknown) => failed.push(error));
    }),
  ]);
  if (failed.length > 0)
    throw new AggregateError(failed, `faults of seed ${world.schedule.seed} could not be made`);
}

async function strike(world: World, fault: Fault): Promise<void> {
  const made = await insisted(world, fault);
  const counts = made ? world.counts : world.leftOut;
  counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
}

/** Tries again while another fault has taken the database away that this one needs. */
async function insisted(world: World, fault: Fault): Promise<boolean> {
  for (const patience = performance.now() + DATABASE_BACK_WITHIN_MS; ; await pause(LOOK_MS)) {
    try {
      return await inflict(world, fault);
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (performance.now() > patience) return false;
    }
  }
}
