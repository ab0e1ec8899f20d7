import { drawn } from '@loa/terminal';
import type { Installation } from './installation.js';
import { logStatus, type LogStatus } from './log-status.js';
import type { Outcome } from './outcome.js';
import { readerStatus, takenBy, type ReaderStatus } from './reader-status.js';
import { readersIn } from './readers.js';

/** A reader or a sealer this far behind needs somebody to look. */
const LATE_SECONDS = 60;

/** Where every log, relay, seal and reader stands. */
export async function status(installation: Installation): Promise<Outcome> {
  const { contexts } = installation;
  const places = readersIn(installation);
  // Before the logs: what a reader takes in meanwhile must not look like events that the log does not have.
  const taken = await Promise.all(places.map(takenBy));
  const logs = await Promise.all(contexts.map(logStatus));
  const readers = (
    await Promise.all(places.map((place, n) => readerStatus(place, taken[n]!, logs, contexts)))
  ).flat();
  const parked = readers.reduce((sum, reader) => sum + reader.parked, 0);
  const notes = [
    ...logs.flatMap((log) => [...logNotes(log)]),
    ...readers.flatMap((reader) => [
      ...readerNotes(
        reader,
        logs.find(({ context }) => context === reader.source)!,
      ),
    ]),
    ...(parked > 0 ? [`${parked} events are parked: see "loa parked"`] : []),
  ];
  return {
    json: { logs, readers, notes },
    attention: notes.length > 0,
    text: [logTable(logs), readerTable(readers), ...notes].join('\n\n'),
  };
}

function* logNotes({ context, head, sealed, secondsUnsealed, finding, refusal }: LogStatus) {
  if (refusal !== null) yield `nothing of ${context} is published: ${refusal}`;
  if (finding)
    yield (
      `${context} was not as sealed when it was verified at ${finding.verifiedAt}: ${finding.detail}. This stays ` +
      `here until "loa verify ${context}", with the roots it was given, finds nothing`
    );
  if (secondsUnsealed > LATE_SECONDS)
    yield (
      `nothing of ${context} beyond position ${sealed} is sealed, for ${secondsUnsealed} s: its service does not run, ` +
      `or the log has a hole there: "loa verify ${context}" tells`
    );
  if (sealed > head)
    yield (
      `${context} is sealed up to ${sealed} and ends at ${head}: its last events were taken away: see ` +
      `"loa verify ${context}"`
    );
}

/** What somebody must know of a reader, and do. */
function* readerNotes(status: ReaderStatus, log: LogStatus) {
  const lag = lagNote(status, log);
  if (lag !== undefined) yield lag;
  const { reader, source, unknownTypes } = status;
  if (unknownTypes.length === 0) return;
  const each = unknownTypes.map(
    ({ type, events, firstPosition }) => `${events} of ${type}, from position ${firstPosition} on`,
  );
  yield (
    `the rows of ${reader} lack events of ${source} whose type it did not know: ${each.join('; ')}. Deploy a release ` +
    `that knows it, then take them in with "loa rebuild --reader ${reader}"`
  );
}

/** How it stands to the log. */
function lagNote(
  { reader, source, reached, eventsAhead, secondsBehind, secondsSilent, appliedAt }: ReaderStatus,
  { head, relay }: LogStatus,
): string | undefined {
  if (eventsAhead > 0)
    return (
      `${reader} is ${eventsAhead} events ahead of ${source}, which ends at ${head}: it has rows of events that the log ` +
      'does not have, and will miss those that are recorded at their positions. The log was restored without its last ' +
      (relay
        ? 'events: see "A log was restored without its last events" in docs/operations.md'
        : `events. Make the rows anew: "loa rebuild --reader ${reader}"`)
    );
  if (appliedAt === null && reached < head)
    return `${reader} has taken in nothing of ${source} yet: see that its process runs, and what it logs`;
  if (secondsBehind > LATE_SECONDS) return `${reader} is ${secondsBehind} s behind ${source}`;
  if (secondsSilent !== null && secondsSilent > LATE_SECONDS)
    return (
      `nobody has said for ${secondsSilent} s that ${reader} has all of ${source}: see that its process runs` +
      (relay ? `, and the service of ${source} that publishes` : '') +
      ', and what they log'
    );
  return undefined;
}

const logTable = (logs: readonly LogStatus[]): string =>
  drawn({
    title: 'Logs',
    columns: ['context', 'head', 'last recorded', 'published', 'sealed', 'last seal'],
    rows: logs.map(({ context, head, recordedAt, relay, sealed, sealedAt }) => [
      context,
      String(head),
      recordedAt ?? '–',
      relay ? String(relay.position) : '–',
      String(sealed),
      sealedAt ?? '–',
    ]),
  });

const readerTable = (readers: readonly ReaderStatus[]): string =>
  drawn({
    title: 'Readers',
    columns: ['reader', 'source', 'reached', 'behind', 'seconds behind', 'parked', 'last applied'],
    rows: readers.map(
      ({ reader, source, reached, eventsBehind, eventsAhead, secondsBehind, parked, appliedAt }) => [
        reader,
        source,
        String(reached),
        eventsAhead > 0 ? `${eventsAhead} ahead` : String(eventsBehind),
        String(secondsBehind),
        String(parked),
        appliedAt ?? 'never',
      ],
    ),
  });
