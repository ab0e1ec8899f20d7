import type { Mutant } from './mutant.js';

const transport = 'libs/platform/transport/src';
const relay = `${transport}/relay.ts`;
const producer = `${transport}/relay-producer.ts`;
const lease = `${transport}/relay-lease.ts`;
const agreement = `${transport}/relay-agreement.ts`;
const batch = `${transport}/relay-batch.ts`;
const unread = `${transport}/unread.ts`;
const consumer = `${transport}/kafka-consumer.ts`;
const spec = (name: string, kafka = false) => ({ jest: [`${transport}/${name}.spec.ts`], kafka });

/** What relay and consumer promise: at least once, in order, nothing past a hole. */
export const transportMutants: readonly Mutant[] = [
  {
    name: 'the relay skips what it could not send',
    edits: [
      {
        file: producer,
        from: 'if (stop.aborted || Date.now() - since > STEP_DOWN_AFTER_MS) throw error;',
        to: 'if (stop.aborted || Date.now() - since > -1) return;',
      },
    ],
    killedBy: spec('kafka-faults'),
  },
  {
    name: 'the relay believes every answer of kafkajs',
    edits: [
      {
        file: `${transport}/relay-acks.ts`,
        from: 'if (offset > before) continue;',
        to: 'if (offset > -9) continue;',
      },
    ],
    killedBy: spec('relay-acks'),
  },
  {
    name: 'the relay needs no answer for a partition',
    edits: [
      {
        file: `${transport}/relay-acks.ts`,
        from: 'if (offset === undefined) throw new NotProved(`no answer for partition ${partition}`);',
        to: 'if (offset === undefined) continue;',
      },
    ],
    killedBy: spec('relay-acks'),
  },
  {
    name: 'the relay notes its place before it sends',
    edits: [
      {
        file: relay,
        from: `      await lease.checkpoint(batch);
`,
        to: '',
      },
      {
        file: relay,
        from: `      failPoint('relay.beforeSend');
`,
        to: `      await lease.checkpoint(batch);
      failPoint('relay.beforeSend');
`,
      },
    ],
    killedBy: spec('kafka-faults'),
  },
  {
    name: 'every relay leads',
    edits: [
      {
        file: lease,
        from: 'WHERE r.lease_until < clock_timestamp()',
        to: 'WHERE r.lease_until <> clock_timestamp()',
      },
    ],
    killedBy: spec('relay-lease'),
  },
  {
    name: 'a relay waits for the session of a frozen one to end',
    edits: [
      {
        file: lease,
        from: 'WHERE r.lease_until < clock_timestamp()',
        to: "WHERE r.lease_until < '-infinity'",
      },
    ],
    killedBy: spec('relay-lease'),
  },
  {
    name: 'a relay that works does not renew its lease',
    edits: [{ file: lease, from: 'this.times.leaseMs / 4)', to: 'this.times.leaseMs * 4_000)' }],
    killedBy: spec('relay-lease'),
  },
  {
    name: 'a relay publishes a log that lacks what was published',
    edits: [
      {
        file: agreement,
        from: 'if (stored?.eventId === eventId) return;',
        to: 'if (stored?.eventId !== undefined) return;',
      },
    ],
    killedBy: spec('relay-restore', true),
  },
  {
    name: 'a relay publishes a restored log behind what it was before',
    edits: [{ file: agreement, from: 'if (before.length < restored.length)', to: 'if (before.length < 0)' }],
    killedBy: spec('relay-restore', true),
  },
  {
    name: 'a consumer takes other events for repeats after a restore',
    edits: [{ file: unread, from: 'if (at > restoredTo)', to: 'if (at > Infinity)' }],
    killedBy: spec('unread'),
  },
  {
    name: 'a relay whose time is over writes its place',
    edits: [
      {
        file: lease,
        from: 'WHERE name = $1 AND epoch = $2`,\n      values: [this.name, this.epochOf, position',
        to: 'WHERE name = $1 AND epoch >= $2`,\n      values: [this.name, this.epochOf, position',
      },
    ],
    killedBy: spec('relay', true),
  },
  {
    name: 'a relay goes on past a hole',
    edits: [
      {
        file: batch,
        from: 'if (event.position !== position + 1) break;',
        to: 'if (event.position <= position) break;',
      },
    ],
    killedBy: spec('relay-batch'),
  },
  {
    name: 'a record does not say what was before it',
    edits: [
      {
        file: batch,
        from: 'tails[partition] = event.position;',
        to: 'tails[partition] = event.position - 1;',
      },
    ],
    killedBy: spec('relay-batch'),
  },
  {
    name: 'the relay drops a record',
    edits: [{ file: batch, from: 'messages.push(', to: 'if (event.position !== 30) messages.push(' }],
    killedBy: spec('gap-in-topic', true),
  },
  {
    name: 'the relay swaps two records',
    edits: [
      {
        file: batch,
        from: 'messages.push(',
        to: 'messages.splice(event.position === 30 ? 0 : messages.length, 0, ',
      },
    ],
    killedBy: spec('gap-in-topic', true),
  },
  {
    name: 'a relay publishes a log that ends before what was published',
    edits: [{ file: agreement, from: 'if (head < position)', to: 'if (head < 0)' }],
    killedBy: spec('relay', true),
  },
  {
    name: 'a consumer passes a gap',
    edits: [
      { file: unread, from: 'if (event.previous > at) return', to: 'if (event.previous > Infinity) return' },
    ],
    killedBy: spec('unread'),
  },
  {
    name: 'a consumer hands in repeats',
    edits: [{ file: unread, from: 'if (event.position <= at ||', to: 'if (event.position < 0 ||' }],
    killedBy: spec('unread'),
  },
  {
    name: 'a reader of the log goes on after a failure',
    edits: [
      {
        file: `${transport}/log-transport.ts`,
        from: 'await this.subscriber.handle({ source: this.source, partition: 0, events: delivered });',
        to: 'await this.subscriber.handle({ source: this.source, partition: 0, events: delivered }).catch(() => undefined);',
      },
    ],
    killedBy: spec('transport.conformance', true),
  },
  {
    name: 'readers wait for every transaction of the server',
    edits: [
      {
        file: 'libs/platform/event-store/src/event-store.ts',
        from: 'WHERE position > $1 ORDER BY position LIMIT $2',
        to: `WHERE position > $1 AND xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
              ORDER BY position LIMIT $2`,
      },
    ],
    killedBy: spec('idle-transaction', true),
  },
  {
    name: 'a reader of the log is handed more while it works',
    edits: [
      {
        file: `${transport}/log-transport.ts`,
        from: 'await this.subscriber.handle(',
        to: 'void this.subscriber.handle(',
      },
    ],
    killedBy: spec('slow-reader-faults', true),
  },
  {
    name: 'a reader of Kafka is handed more while it works',
    edits: [
      {
        file: consumer,
        from: 'await this.deliver(batch, reading, messages);',
        to: 'void this.deliver(batch, reading, messages);',
      },
    ],
    killedBy: spec('slow-reader-faults', true),
  },
  {
    name: 'a relay says that all is published while it is not',
    edits: [
      {
        file: relay,
        from: 'if (next === undefined) heartbeat.beat(begun);',
        to: 'if (batch.messages.length === events.length) heartbeat.beat(begun);',
      },
    ],
    killedBy: spec('kafka-freshness', true),
  },
  {
    name: 'a heartbeat stands for a look before the last one arrived',
    edits: [
      {
        file: `${transport}/relay-heartbeat.ts`,
        from: ' || lookedAt <= this.settledAt)',
        to: ')',
      },
    ],
    killedBy: spec('relay-heartbeat', true),
  },
  {
    name: 'one heartbeat is enough',
    edits: [{ file: `${transport}/published-up-to.ts`, from: 'const PROOF = 4;', to: 'const PROOF = 1;' }],
    killedBy: spec('published-up-to'),
  },
];
