import { median, percentile, ratios, shuffled, spreadOf, type Spread } from './statistics.js';

/** What one contestant did in one stretch of time. */
export interface Stretch {
  /** Events, requests… */
  readonly count: number;
  readonly seconds: number;
  /** Of single calls, in milliseconds; empty when the stretch was one long call. */
  readonly latencies: readonly number[];
  /** CPU time of all of it, in milliseconds, where the system tells. */
  readonly cpu?: { readonly process: number; readonly postgres: number } | undefined;
}

export interface Contestant {
  readonly name: string;
  /** Another one of the same contest to be compared with, instead of the floor. */
  readonly against?: Contestant;
  /** The ratio that it is to reach at least. */
  readonly aim?: number;
  run(): Promise<Stretch>;
}

/** Contestants that are compared: measured one right after the other, the first of them is the floor of the rest. */
export type Contest = readonly [floor: Contestant, ...others: Contestant[]];

/** Medians over the rounds. */
export interface Measured {
  readonly perSecond: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** CPU milliseconds for one of what is counted. */
  readonly cpu?: { readonly process: number; readonly postgres: number };
}

export interface Comparison {
  readonly name: string;
  readonly floorName: string;
  readonly ours: Measured;
  readonly floor: Measured;
  /** Of ours per second over the floor's, round by round. */
  readonly ratio: Spread;
  /** Left out for what only says what bounds the others. */
  readonly aim?: Aim;
  readonly rounds: number;
}

export interface Aim {
  /** Ratios are at least this, times in ms are less. */
  readonly wanted: number;
  readonly met: boolean;
}

type Stretches = ReadonlyMap<Contestant, readonly Stretch[]>;

/**
 * Lets every contest run once a round, contests and contestants in a new order each time: what slows this machine down
 * for a while hits all of them alike.
 */
export async function contend(contests: readonly Contest[], rounds: number): Promise<Comparison[]> {
  const stretches = new Map<Contestant, Stretch[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const contest of shuffled(contests)) {
      for (const contestant of shuffled(contest)) {
        const soFar = stretches.get(contestant) ?? [];
        stretches.set(contestant, [...soFar, await contestant.run()]);
      }
    }
  }
  return contests.flatMap((contest) => comparisons(contest, stretches));
}

function comparisons([floor, ...others]: Contest, stretches: Stretches): Comparison[] {
  return others.map((contestant) => {
    const ours = stretches.get(contestant) ?? [];
    const against = contestant.against ?? floor;
    const floors = stretches.get(against) ?? [];
    const ratio = spreadOf(ratios(ours.map(rate), floors.map(rate)));
    const { aim } = contestant;
    return {
      name: contestant.name,
      floorName: against.name,
      ours: measured(ours),
      floor: measured(floors),
      ratio,
      ...(aim !== undefined && { aim: { wanted: aim, met: ratio.median >= aim } }),
      rounds: ours.length,
    };
  });
}

const rate = ({ count, seconds }: Stretch) => count / seconds;

export function measured(stretches: readonly Stretch[]): Measured {
  const timed = stretches.filter(({ latencies }) => latencies.length > 0);
  const latency = (share: number) =>
    timed.length === 0 ? Number.NaN : median(timed.map(({ latencies }) => percentile(latencies, share)));
  const costs = stretches.flatMap(({ cpu, count }) =>
    cpu ? [{ process: cpu.process / count, postgres: cpu.postgres / count }] : [],
  );
  return {
    perSecond: median(stretches.map(rate)),
    p50: latency(0.5),
    p99: latency(0.99),
    ...(costs.length > 0 && {
      cpu: {
        process: median(costs.map((cost) => cost.process)),
        postgres: median(costs.map((cost) => cost.postgres)),
      },
    }),
  };
}
