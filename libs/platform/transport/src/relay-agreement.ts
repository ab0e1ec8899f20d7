import type { EventStore } from '@loa/event-store';
import type { LastRecord } from './last-records.js';
import { RelayRefusal, type Term } from './relay-batch.js';

const WHAT_TO_DO =
  'Nothing is published until that is declared: see "A log was restored without its last events" in docs/operations.md.';

/** The restores that the topic tells of: a backup that is older than the last one that was declared knows less. */
export const restoresKnown = (own: Term['restored'], last: readonly LastRecord[]): Term['restored'] =>
  last.reduce((most, { restored }) => (restored.length > most.length ? restored : most), own);

/**
 * A log that was restored from a backup may lack events that were published, and give their positions to others. Readers
 * would take those for repeats. So a term begins only when what the topic ends with is what the log holds.
 * @throws RelayRefusal
 */
export async function assertTopicAgrees(
  store: Pick<EventStore, 'read' | 'head'>,
  topic: string,
  { position, tails, restored }: Term,
  last: readonly LastRecord[],
): Promise<void> {
  const head = await store.head();
  if (head < position)
    throw new RelayRefusal(
      'log-ends-early',
      `the log ends at ${head}, but it was published up to ${position}: it was restored without its last events, which ` +
        `readers have seen already. ${WHAT_TO_DO}`,
    );
  const emptied = tails.findIndex((tail, at) => tail > 0 && !last.some(({ partition }) => partition === at));
  if (emptied >= 0)
    throw new RelayRefusal(
      'topic-emptied',
      `${topic}/${emptied} is empty, but position ${tails[emptied]} was published to it: the topic was lost or made ` +
        'anew. To publish the log to it from its beginning, see "To publish a topic anew" in infra/kafka/README.md.',
    );
  for (const record of last) await assertSame(store, topic, restored, record, head);
}

async function assertSame(
  store: Pick<EventStore, 'read'>,
  topic: string,
  restored: Term['restored'],
  { partition, position, eventId, restored: before }: LastRecord,
  head: number,
): Promise<void> {
  const end = `${topic}/${partition} ends with position ${position}, event ${eventId}`;
  if (before.length < restored.length)
    throw new RelayRefusal(
      'topic-before-restore',
      `${end}, published before the log was restored to position ${restored.at(-1)}. Nothing is published behind such ` +
        'records: delete the topic and create it anew, and the log is published to it from its beginning.',
    );
  const [stored] = await store.read(position - 1, 1);
  if (stored?.eventId === eventId) return;
  throw new RelayRefusal(
    'log-restored',
    `${end}, which the log does not have: ${stored ? `there it has event ${stored.eventId}` : `it ends at ${head}`}. It ` +
      `was restored without its last events, which readers have seen already. ${WHAT_TO_DO}`,
  );
}
