import { partitionOf } from '@loa/transport';
import type { Evidence } from './evidence.js';

/**
 * What was said to be complete and was not: an event that somebody knew to be recorded by then, because its append was
 * answered or it was read, and that the reader had not taken in. Pure.
 * @returns a sentence for each claim that did not hold
 */
export function untrueClaims({
  claims,
  calls,
  reads,
  stored,
}: Pick<Evidence, 'claims' | 'calls' | 'reads' | 'stored'>): string[] {
  const known = knownBy({ calls, reads });
  return claims.flatMap(({ reader, partition, partitions, position, upTo }) => {
    const missing = stored.filter(
      (event) =>
        event.position > position &&
        (known.get(event.position) ?? Infinity) < upTo &&
        partitionOf(event.streamId, partitions) === partition,
    );
    const [first] = missing;
    if (!first) return [];
    const early = Math.max(...missing.map((event) => upTo - known.get(event.position)!));
    return [
      `${reader} said of partition ${partition} that nothing was missing, when it stood at ${position}: ` +
        `${missing.length} events from ${first.position} on were, recorded up to ${early.toFixed(1)} ms before`,
    ];
  });
}

/** By when each position was known to be recorded. */
function knownBy({ calls, reads }: Pick<Evidence, 'calls' | 'reads'>): ReadonlyMap<number, number> {
  const known = new Map<number, number>();
  const learn = (position: number, at: number) =>
    known.set(position, Math.min(at, known.get(position) ?? Infinity));
  for (const { outcome, eventIds, completed } of calls) {
    if (outcome.status !== 'appended' && outcome.status !== 'duplicate') continue;
    eventIds.forEach((_, behind) => learn(outcome.position - behind, completed));
  }
  for (const { events, completed } of reads) for (const { position } of events) learn(position, completed);
  return known;
}
