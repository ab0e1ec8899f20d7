import type { FailPointName, PlannedFailure } from '@loa/fail-points';
import { drawFaults, type Fault } from './faults.js';
import type { Fails } from '../world/contract.js';
import { randomOf, type Random } from './random.js';

export type KafkaKind = 'none' | 'one' | 'three';

/** The processes of the world. */
export type MemberName = 'appender-1' | 'appender-2' | 'relay-1' | 'relay-2' | 'reader-1' | 'reader-2';

export interface Load {
  /** So many appends are under way at most, in each appender. */
  readonly callers: number;
  readonly streams: number;
  readonly mostEvents: number;
  /** Longest pause of a caller between two appends. */
  readonly pauseMs: number;
  /** Of 3,000 events, how many the projection cannot apply: never, twice not, or not until it is mended. */
  readonly poison: Readonly<Record<Exclude<Fails, 'never'>, number>>;
}

/** All that is decided before a run. What the processes make of it is up to them. */
export interface Schedule {
  readonly seed: number;
  readonly kafka: KafkaKind;
  readonly loadMs: number;
  readonly load: Load;
  /** In the order of their time. */
  readonly faults: readonly Fault[];
  /** What each start of a process is to trip over; after the last of the list: nothing. */
  readonly failures: Readonly<Record<string, readonly PlannedFailure[]>>;
}

export const membersOf = (kafka: KafkaKind): MemberName[] => [
  'appender-1',
  'appender-2',
  'reader-1',
  'reader-2',
  ...(kafka === 'none' ? [] : (['relay-1', 'relay-2'] as const)),
];

const points: Readonly<Record<string, readonly FailPointName[]>> = {
  appender: ['appender.beforeSend', 'appender.afterAnswer', 'command.afterAppend'],
  relay: ['relay.beforeSend', 'relay.afterAcknowledgement', 'relay.afterCheckpoint', 'relay.beforeHeartbeat'],
  reader: [
    'consumer.beforeHandle',
    'consumer.afterHandle',
    'projector.beforeCommit',
    'projector.afterCommit',
  ],
};
/** Passings a second, roughly: so late a failure is planned at most. */
const passings: Readonly<Record<string, number>> = { appender: 300, relay: 20, reader: 15 };
/** Heartbeats are sent twice a second, and only by a relay that keeps up. */
const HEARTBEATS = 4;

/** The same seed and kind of Kafka give the same schedule. */
export function scheduleOf(seed: number, kafka: KafkaKind): Schedule {
  const random = randomOf(seed);
  const loadMs = kafka === 'none' ? 3_000 : 5_000;
  return {
    seed,
    kafka,
    loadMs,
    load: {
      callers: random.between(4, 24),
      streams: random.between(8, 60),
      mostEvents: random.between(2, 20),
      pauseMs: random.pick([0, 5, 20]),
      poison: random.chance(0.3)
        ? {
            always: random.between(0, 3),
            twice: random.between(0, 3),
            'until mended': random.between(0, 3),
          }
        : { always: 0, twice: 0, 'until mended': 0 },
    },
    faults: drawFaults(random, kafka, membersOf(kafka), loadMs),
    failures: Object.fromEntries(membersOf(kafka).map((name) => [name, drawFailures(random, name)])),
  };
}

/** One for each start of the process, in their order; every other process or so has two. */
function drawFailures(random: Random, name: MemberName): PlannedFailure[] {
  const kind = name.replace(/-.*/, '');
  const starts = random.pick([0, 1, 1, 2]);
  return Array.from({ length: starts }, () => {
    const point = random.pick(points[kind]!);
    return {
      name: point,
      action: random.chance(0.8) ? ('kill' as const) : ('stop' as const),
      at: random.between(1, point === 'relay.beforeHeartbeat' ? HEARTBEATS : passings[kind]!),
    };
  });
}
