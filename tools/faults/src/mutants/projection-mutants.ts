import type { Mutant } from './mutant.js';

const projections = 'libs/platform/projections/src';
const projector = `${projections}/projector.ts`;
const inOne = { jest: [`${projections}/projector.spec.ts`] };
const rollBack = `${projections}/rebuild-rollback.ts`;
const ends = `${projections}/generation-ends.ts`;
const shadow = `${projections}/generation-shadow.ts`;
const partitions = { jest: [`${projections}/rebuild-partitions.slice.spec.ts`] };
const parking = { jest: [`${projections}/parking.slice.spec.ts`] };

const move = `      await this.moveCheckpoint(client, batch, last);
`;
const afterCommit = `    failPoint('projector.afterCommit');
`;

const readModels = 'apps/gateway/src/read-models';
const answers = `${readModels}/freshness/answer-freshness.plugin.ts`;
const asOfFreshness = { jest: [`${readModels}/freshness/as-of-freshness.slice.spec.ts`] };

/** What readers promise: each event once in their rows, nothing past a hole, one bad event harms its stream only. */
export const projectionMutants: readonly Mutant[] = [
  {
    name: 'a projector ignores what was before an event',
    edits: [
      {
        file: projector,
        from: 'if (event.previous > reached) throw new MissedEvents(source, partition, reached, event.previous);',
        to: 'if (event.previous > Infinity) throw new MissedEvents(source, partition, reached, event.previous);',
      },
    ],
    killedBy: inOne,
  },
  {
    name: 'a projector applies what it has applied',
    edits: [
      {
        file: projector,
        from: 'if (event.position <= reached) continue;',
        to: 'if (event.position < 0) continue;',
      },
    ],
    killedBy: inOne,
  },
  {
    name: 'the checkpoint after the transaction',
    edits: [
      { file: projector, from: move, to: '' },
      {
        file: projector,
        from: afterCommit,
        to: `${afterCommit}    const end = taken && batch.events.at(-1);
    if (end) await inTransaction(this.pool, 'BEGIN', (client) => this.moveCheckpoint(client, batch, end));
`,
      },
    ],
    killedBy: { faults: 'projector.afterCommit', kafka: 'none' },
  },
  {
    name: 'the checkpoint before the transaction',
    edits: [
      { file: projector, from: move, to: '' },
      {
        file: projector,
        from: `      const last = fresh.at(-1);
      if (!last) return undefined;
`,
        to: `      const last = fresh.at(-1);
      if (!last) return undefined;
      await this.moveCheckpoint(client, batch, last);
      await client.query('COMMIT; BEGIN');
`,
      },
    ],
    killedBy: { faults: 'projector.beforeCommit', kafka: 'none' },
  },
  {
    name: 'the checkpoint in a transaction of its own',
    edits: [{ file: projector, from: move, to: `      await client.query('COMMIT; BEGIN');\n${move}` }],
    killedBy: { faults: 'projector.beforeCommit', kafka: 'none' },
  },
  {
    name: 'no lock on the checkpoint',
    edits: [{ file: projector, from: 'AND partition = $3 FOR UPDATE`,', to: 'AND partition = $3`,' }],
    killedBy: inOne,
  },
  {
    name: 'the checkpoint stays where it was',
    edits: [{ file: projector, from: move, to: '' }],
    killedBy: inOne,
  },
  {
    name: 'a stream goes on behind an event that is parked',
    edits: [
      {
        file: `${projections}/parking.ts`,
        from: 'const behind = events.filter(({ streamId }) => this.streams.has(streamId));',
        to: 'const behind = events.filter(({ streamId }) => this.streams.has(`no ${streamId}`));',
      },
    ],
    killedBy: parking,
  },
  {
    name: 'an event is parked the first time it fails',
    edits: [{ file: `${projections}/sift.ts`, from: 'const TRIES_ALONE = 3;', to: 'const TRIES_ALONE = 1;' }],
    killedBy: parking,
  },
  {
    name: 'whatever fails is the fault of an event',
    edits: [
      {
        file: `${projections}/refusal.ts`,
        from: "if (typeof code !== 'string' || !refusedRow.test(code)) return undefined;",
        to: "if (typeof code !== 'string') return { kind: 'any', words: 'any' };",
      },
    ],
    killedBy: parking,
  },
  {
    name: 'an event at fault is left out and not parked',
    edits: [
      {
        file: `${projections}/sift.ts`,
        from: 'await parking.park(event, last!.words, TRIES_ALONE);',
        to: 'void [parking, last];',
      },
    ],
    killedBy: parking,
  },
  {
    name: 'a reader has all up to when it says so, not to when it looked',
    edits: [{ file: `${projections}/caught-up-times.ts`, from: 'ago: now - at', to: 'ago: at - at' }],
    killedBy: { jest: [`${projections}/caught-up-times.slice.spec.ts`] },
  },
  {
    name: 'how fresh the rows are is not written while batches follow upon each other',
    edits: [{ file: `${projections}/caught-up-times.ts`, from: '> PATIENCE_MS', to: '> Infinity' }],
    killedBy: { jest: [`${projections}/caught-up-times.slice.spec.ts`] },
  },
  {
    name: 'a plan for a small table is kept while it grows',
    edits: [{ file: `${projections}/prepared.ts`, from: "  enable_seqscan: 'off',\n", to: '' }],
    killedBy: { jest: [`${projections}/prepared.slice.spec.ts`] },
  },
  {
    name: 'events of an unknown type are counted in a transaction of their own',
    edits: [
      {
        file: projector,
        from: 'await this.unknownTypes.record(client, place, unknown);',
        to: 'await inTransaction(this.pool, BEGIN, (other) => this.unknownTypes.record(other, place, unknown));',
      },
    ],
    killedBy: { jest: [`${projections}/unknown-types.slice.spec.ts`] },
  },
  {
    name: 'a rebuild takes every type for known',
    edits: [
      {
        file: shadow,
        from: 'projections, schema, knownTypes });',
        to: 'projections, schema });',
      },
    ],
    killedBy: { jest: [`${projections}/rebuild-unknown.slice.spec.ts`] },
  },
  {
    name: 'an event of an unknown type overtakes what is parked of its stream',
    edits: [
      {
        file: projector,
        from: 'this.matters(event) && !parking.isDropped(event)',
        to: 'this.types.has(event.type) && !parking.isDropped(event)',
      },
      { file: projector, from: 'parking.notPut(events).filter(', to: 'fresh.filter(' },
    ],
    killedBy: { jest: [`${projections}/unknown-types.slice.spec.ts`] },
  },
  {
    name: 'a rebuild swaps in rows that lack events of types that only a newer build knows',
    edits: [
      {
        file: `${projections}/rebuild.ts`,
        from: '    await refuseUnknown(sessions.pool, this.side, shadow.schema);\n',
        to: '',
      },
    ],
    killedBy: { jest: [`${projections}/rebuild-unknown.slice.spec.ts`] },
  },
  {
    name: 'a rollback passes over events of types that only a newer build knows',
    edits: [
      {
        file: `${projections}/rebuild-rollback.ts`,
        from: '    if (!force) await refuseUnknownAhead(sessions.pool, side, (source) => shadow.placesOf(source));\n',
        to: '',
      },
    ],
    killedBy: { jest: [`${projections}/rebuild-unknown.slice.spec.ts`] },
  },
  {
    name: 'a rollback passes over the first event of such a type while it brings rows up to date',
    edits: [
      {
        file: `${projections}/rebuild-rollback.ts`,
        from: 'const verify = force ? undefined : () => refuseUnknown(sessions.pool, side, shadow.schema);',
        to: 'const verify = undefined;',
      },
    ],
    killedBy: { jest: [`${projections}/rebuild-unknown.slice.spec.ts`] },
  },
  {
    name: 'a rebuild puts partitions further than their last events',
    edits: [{ file: ends, from: 'AND c.position <= e."upTo"', to: 'AND c.position < 0' }],
    killedBy: partitions,
  },
  {
    name: 'a rebuild goes on with what the log has lost',
    edits: [
      {
        file: `${projections}/rebuild.ts`,
        from: '(await shadow.containsLost()) ?? shadow',
        to: 'shadow',
      },
    ],
    killedBy: partitions,
  },
  {
    name: 'a roll back brings back what the log has lost',
    edits: [{ file: rollBack, from: 'if (lost !== undefined)', to: "if (lost === '')" }],
    killedBy: partitions,
  },
  {
    name: 'a roll back takes the place in the log for that of one partition',
    edits: [
      { file: shadow, from: 'if (partitions > 1 && readInLog)', to: 'if (partitions < 1 && readInLog)' },
    ],
    killedBy: partitions,
  },
  {
    name: 'a rebuild that goes on takes the place of one partition for that of all',
    edits: [
      {
        file: shadow,
        from: 'if (partitions === 1 || places.size > 1) continue;',
        to: 'if (partitions === 1) continue;',
      },
    ],
    killedBy: partitions,
  },
  {
    name: 'a roll back looks for unknown types ahead of the furthest partition only',
    edits: [
      {
        file: `${projections}/rebuild-verification.ts`,
        from: 'let at = nearest(places, partitions);',
        to: 'let at = Math.max(nearest(places, partitions), ...places.values());',
      },
    ],
    killedBy: { jest: [`${projections}/rebuild-unknown.slice.spec.ts`] },
  },
  {
    name: 'partitions that hold nothing are looked for while the reader halts',
    edits: [{ file: shadow, from: 'if (feed.partitions > 1 && head > 0)', to: 'if (head < 0)' }],
    killedBy: partitions,
  },
  {
    name: 'a rebuild puts partitions back to where it had looked',
    edits: [{ file: ends, from: ' AND c.position <= e."upTo"', to: '' }],
    killedBy: partitions,
  },
  {
    name: 'an answer as of an instant is called final while events of then are on their way',
    edits: [{ file: answers, from: 'unsettledAt(asOf, await freshness.of(context))', to: '[]' }],
    killedBy: asOfFreshness,
  },
  {
    name: 'how far answers have come is asked beside them',
    edits: [
      {
        file: answers,
        from: "else if (asksFor('freshness', info)) await",
        to: "else if (asksFor('freshness', info)) void",
      },
    ],
    killedBy: asOfFreshness,
  },
];
