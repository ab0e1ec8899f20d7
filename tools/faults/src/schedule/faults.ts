import type { Random } from './random.js';
import type { KafkaKind, MemberName } from './schedule.js';

/** Something done to the world from outside; `at` in ms after the load began. */
export type Fault = { readonly at: number } & (
  | { readonly kind: 'kill'; readonly member: MemberName }
  /** SIGSTOP, and SIGCONT so much later. */
  | { readonly kind: 'freeze'; readonly member: MemberName; readonly ms: number }
  /** The leading relay is frozen and keeps its session; it goes on when another one leads. */
  | { readonly kind: 'zombie relay' }
  /** Every session of every process at once. */
  | { readonly kind: 'end sessions' }
  /** One session of PostgreSQL is frozen in what it does, maybe while it holds the lane. */
  | { readonly kind: 'freeze session'; readonly ms: number }
  /** As after a power cut, and started again. */
  | { readonly kind: 'crash PostgreSQL' }
  /** All connections to PostgreSQL; with `deafMs` its answers get lost for so long before. */
  | { readonly kind: 'cut'; readonly deafMs: number }
  | { readonly kind: 'slow network'; readonly ms: number }
  /** The same between everybody and the brokers. */
  | { readonly kind: 'cut Kafka'; readonly deafMs: number }
  | { readonly kind: 'slow Kafka'; readonly ms: number }
  | { readonly kind: 'full disk'; readonly ms: number }
  /** The clock of a process jumps. */
  | { readonly kind: 'clock'; readonly member: MemberName; readonly hours: number }
  | { readonly kind: 'kill broker'; readonly node: number; readonly downMs: number }
  /** SIGTERM: it hands its partitions over before it goes, and comes back. */
  | { readonly kind: 'move leaders'; readonly node: number }
  /** Both relays are ended, and go on from an earlier place: this part of the log is published already. */
  | { readonly kind: 'publish again'; readonly part: number }
);
export type FaultKind = Fault['kind'];

type Draw = (random: Random, at: number, members: readonly MemberName[]) => Fault;

const anywhere: readonly (readonly [weight: number, draw: Draw])[] = [
  [10, (random, at, members) => ({ at, kind: 'kill', member: random.pick(members) })],
  [
    4,
    (random, at, members) => ({
      at,
      kind: 'freeze',
      member: random.pick(members),
      ms: random.between(100, 1_500),
    }),
  ],
  [3, (_, at) => ({ at, kind: 'end sessions' })],
  [2, (random, at) => ({ at, kind: 'freeze session', ms: random.between(100, 1_500) })],
  [2, (_, at) => ({ at, kind: 'crash PostgreSQL' })],
  [4, (random, at) => ({ at, kind: 'cut', deafMs: random.pick([0, 0, 30, 150]) })],
  [2, (random, at) => ({ at, kind: 'slow network', ms: random.between(100, 1_200) })],
  [1, (random, at) => ({ at, kind: 'full disk', ms: random.between(200, 900) })],
  [
    2,
    (random, at, members) => ({
      at,
      kind: 'clock',
      member: random.pick(members),
      hours: random.pick([-48, -1, 1, 48]),
    }),
  ],
];
/** Longer than Kafka waits for a sign of life: the partitions go to the other reader, and this one does not know. */
const TAKEN_FOR_DEAD_MS = 7_500;
const withKafka: typeof anywhere = [
  [
    1,
    (random, at) => ({
      at,
      kind: 'freeze',
      member: random.pick(['reader-1', 'reader-2'] as const),
      ms: TAKEN_FOR_DEAD_MS,
    }),
  ],
  [4, (_, at) => ({ at, kind: 'zombie relay' })],
  [4, (random, at) => ({ at, kind: 'cut Kafka', deafMs: random.pick([0, 0, 30, 150]) })],
  [2, (random, at) => ({ at, kind: 'slow Kafka', ms: random.between(100, 1_200) })],
  [3, (random, at) => ({ at, kind: 'publish again', part: random.pick([0.2, 0.5, 1]) })],
];
const brokers = (nodes: number): typeof anywhere => [
  [
    nodes === 1 ? 2 : 8,
    (random, at) => ({
      at,
      kind: 'kill broker',
      node: random.between(1, nodes),
      downMs: random.between(0, 2_000),
    }),
  ],
  [nodes === 1 ? 1 : 4, (random, at) => ({ at, kind: 'move leaders', node: random.between(1, nodes) })],
];
const brokerKinds: readonly FaultKind[] = ['kill broker', 'move leaders'];

/** At least two kills, and some of the rest. A broker goes at most once: with one it takes seconds to come back. */
export function drawFaults(
  random: Random,
  kafka: KafkaKind,
  members: readonly MemberName[],
  loadMs: number,
): Fault[] {
  const time = () => random.between(200, loadMs - 300);
  const all = [...anywhere, ...(kafka === 'none' ? [] : [...withKafka, ...brokers(kafka === 'one' ? 1 : 3)])];
  const faults: Fault[] = [0, 1].map(() => ({ at: time(), kind: 'kill', member: random.pick(members) }));
  for (let more = random.between(3, 6); more > 0; more -= 1) {
    const fault = weighted(random, all)(random, time(), members);
    const again = brokerKinds.includes(fault.kind) && faults.some(({ kind }) => brokerKinds.includes(kind));
    if (!again) faults.push(fault);
  }
  return faults.toSorted((one, other) => one.at - other.at);
}

function weighted<T>(random: Random, from: readonly (readonly [weight: number, T])[]): T {
  let left = random.next() * from.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, one] of from) {
    left -= weight;
    if (left < 0) return one;
  }
  return from.at(-1)![1];
}
