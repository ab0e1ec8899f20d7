import type { Mutant } from './mutant.js';

const transport = 'libs/platform/transport/src';
const consumer = `${transport}/kafka-consumer.ts`;
const reading = `${transport}/partition-reading.ts`;
const spec = (name: string) => ({ jest: [`${transport}/${name}.spec.ts`], kafka: true });

/** What a reader over Kafka promises: it goes on where its rows stand, and knows when nothing is missing. */
export const readerMutants: readonly Mutant[] = [
  {
    name: 'a consumer goes on after a failure',
    edits: [
      {
        file: consumer,
        from: 'if (assignment === this.assignment) this.again(batch, reading, error);\n        return;',
        to: 'this.report(error);',
      },
    ],
    killedBy: spec('transport.conformance'),
  },
  {
    // One alone is harmless: the last record is read once more, and a gap is noticed and read again.
    name: 'a consumer begins behind where it stood, and passes the gap',
    edits: [
      { file: consumer, from: 'checkpoint?.offset ?? -1);', to: '(checkpoint?.offset ?? -1) + 2);' },
      {
        file: `${transport}/unread.ts`,
        from: 'if (event.previous > at) return',
        to: 'if (event.previous > Infinity) return',
      },
    ],
    killedBy: spec('transport.conformance'),
  },
  {
    name: 'a reader over Kafka takes a topic for the one that it has read',
    edits: [
      { file: reading, from: 'Math.max(0, this.next - 1)', to: 'this.next' },
      { file: reading, from: 'next === 0 ? 0 : undefined', to: 'stands.position' },
    ],
    killedBy: spec('relay-restore'),
  },
  {
    name: 'a reader over Kafka does not notice that its topic lacks what it has read',
    edits: [
      {
        file: reading,
        from: 'this.lastSeen !== undefined && this.lastSeen < this.stands.position',
        to: 'false',
      },
    ],
    killedBy: spec('kafka-ahead'),
  },
  {
    name: 'what was said of a topic outlives it',
    edits: [
      {
        file: `${transport}/topic-ends.ts`,
        from: 'toPosition(high) < (known.ends[partition] ?? 0)',
        to: 'toPosition(high) < -(known.ends[partition] ?? 0)',
      },
    ],
    killedBy: spec('kafka-freshness'),
  },
  {
    name: 'a reader over Kafka takes the last record for the newest',
    edits: [{ file: reading, from: 'Math.max(greatest, position)', to: 'position' }],
    killedBy: spec('relay-frozen'),
  },
  {
    name: 'a reader over Kafka waits at an offset that its topic has no more',
    edits: [
      {
        file: reading,
        from: "if (!beyond || this.rewind !== 'no')",
        to: "if (!beyond || this.rewind === 'no')",
      },
    ],
    killedBy: spec('kafka-ahead'),
  },
  {
    name: 'a reader over Kafka is never at the end while events flow',
    edits: [{ file: reading, from: 'this.awaited ??= {', to: 'this.awaited = {' }],
    killedBy: spec('partition-reading'),
  },
  {
    name: 'a reader over Kafka has what it was told of a topic that is gone',
    edits: [{ file: reading, from: 'if (goesBack) this.awaited = undefined;', to: '' }],
    killedBy: spec('partition-reading'),
  },
  {
    name: 'a reader over Kafka reads whatever partitions there are',
    edits: [{ file: consumer, from: 'partition < this.options.partitions', to: 'partition < Infinity' }],
    killedBy: spec('kafka-ahead'),
  },
];
