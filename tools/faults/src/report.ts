import type { Table } from '@loa/terminal';
import { figureOf } from './checks/judge.js';
import type { Outcome } from './run/run-seed.js';

/** What all runs come to. */
export interface Summary {
  readonly seeds: number;
  readonly events: number;
  readonly calls: number;
  readonly acknowledged: number;
  readonly unknown: number;
  readonly kills: number;
  readonly otherFaults: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly tripped: Readonly<Record<string, number>>;
  readonly claims: number;
  readonly parked: number;
  readonly dropped: number;
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  readonly wrongRows: number;
  readonly tooFresh: number;
  readonly other: number;
  readonly recoveryMs: { readonly p50: number; readonly max: number };
  readonly seconds: number;
}

export function summaryOf(outcomes: readonly Outcome[]): Summary {
  const sum = (pick: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + pick(one), 0);
  const figures = outcomes.flatMap(({ findings }) => findings.map(({ rule }) => figureOf[rule]));
  const count = (figure: (typeof figures)[number]) => figures.filter((one) => one === figure).length;
  const faults = added(outcomes.map((outcome) => outcome.faults));
  const recoveries = outcomes.map(({ recoveryMs }) => recoveryMs).toSorted((one, other) => one - other);
  return {
    seeds: outcomes.length,
    events: sum(({ events }) => events),
    calls: sum(({ calls }) => calls),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    unknown: sum(({ unknown }) => unknown),
    kills: sum(({ kills }) => kills),
    otherFaults: Object.values(faults).reduce((total, one) => total + one, 0),
    faults,
    leftOut: added(outcomes.map(({ leftOut }) => leftOut)),
    tripped: added(outcomes.map(({ tripped }) => tripped)),
    claims: sum(({ claims }) => claims),
    parked: sum(({ parked }) => parked),
    dropped: sum(({ dropped }) => dropped),
    lost: count('lost'),
    doubled: count('doubled'),
    outOfOrder: count('out of order'),
    wrongRows: count('wrong rows'),
    tooFresh: count('too fresh'),
    other: count('other'),
    recoveryMs: { p50: recoveries[recoveries.length >> 1] ?? NaN, max: recoveries.at(-1) ?? NaN },
    seconds: sum(({ seconds }) => seconds),
  };
}

function added(all: readonly Readonly<Partial<Record<string, number>>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [kind, count = 0] of all.flatMap((one) => Object.entries(one)))
    total[kind] = (total[kind] ?? 0) + count;
  return total;
}

const counted = (faults: Readonly<Record<string, number>>): string =>
  Object.entries(faults)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');

export function summaryTable(summary: Summary, title: string): Table {
  const { recoveryMs, faults, leftOut, tripped } = summary;
  return {
    title,
    columns: ['what', 'count'],
    rows: [
      ['seeds', summary.seeds],
      ['events', summary.events],
      ['calls', summary.calls],
      ['acknowledged', summary.acknowledged],
      ['outcome unknown', summary.unknown],
      ['processes killed', summary.kills],
      ['other faults', summary.otherFaults],
      ['parked', summary.parked],
      ['of them left out in the end', summary.dropped],
      ['said to be fresh', summary.claims],
      ['lost', summary.lost],
      ['doubled', summary.doubled],
      ['out of order', summary.outOfOrder],
      ['wrong rows', summary.wrongRows],
      ['said to be fresh, and was not', summary.tooFresh],
      ['other findings', summary.other],
      ['recovery p50, ms', recoveryMs.p50],
      ['recovery max, ms', recoveryMs.max],
    ],
    notes: [
      `Other faults: ${counted(faults) || 'none'}.`,
      `Fail points at which processes were killed or frozen: ${counted(tripped) || 'none'}.`,
      ...(Object.keys(leftOut).length > 0 ? [`Could not be made here or then: ${counted(leftOut)}.`] : []),
      'Recovery: from when nothing is wrong any more until every reader has everything.',
    ],
  };
}

/** One run as a line. */
export function lineOf({ seed, seconds, events, kills, faults, recoveryMs, findings }: Outcome): string {
  const others = counted(faults);
  const verdict = findings.length === 0 ? 'sound' : `${findings.length} FINDINGS`;
  return (
    `seed ${seed}: ${verdict}, ${events} events, ${kills} kills${others && `, ${others}`}; ` +
    `recovered in ${Math.round(recoveryMs)} ms, ${seconds.toFixed(1)} s`
  );
}
