import { isDeepStrictEqual } from 'node:util';

/** An event as somebody saw it. `content` stands for all the rest of it: two of one position must agree in it. */
export interface SeenEvent {
  readonly position: number;
  readonly streamId: string;
  readonly version: number;
  readonly eventId: string;
  readonly content?: string;
  /** When it was recorded, in ms. */
  readonly recordedAt?: number;
}

/** What an append came to, as its caller knows. `unknown`: no answer came, it may be stored or not. */
export type CallOutcome =
  | { readonly status: 'appended' | 'duplicate'; readonly version: number; readonly position: number }
  | { readonly status: 'refused' }
  | { readonly status: 'unknown' };

/** Times are of one clock that never goes back, in milliseconds; all recorders of a history share it. */
export interface RecordedCall {
  readonly streamId: string;
  /** In their order; no two wishes share an id, a retry has the same ones. */
  readonly eventIds: readonly string[];
  readonly invoked: number;
  /** Ignored when the outcome is unknown. */
  readonly completed: number;
  readonly outcome: CallOutcome;
}

/** One page of one reader of the whole log, which asked for what comes after a position. */
export interface RecordedRead {
  readonly reader: string;
  readonly after: number;
  readonly invoked: number;
  readonly completed: number;
  readonly events: readonly SeenEvent[];
}

export interface History {
  readonly calls: readonly RecordedCall[];
  /** In the order each reader made them; every reader went on until it had seen the last event. */
  readonly reads: readonly RecordedRead[];
  /** Readers that must have seen the log, also when no page of theirs was recorded, and the position after which each began. 0 for who is not named. */
  readonly readers?: ReadonlyMap<string, number>;
  /** The log at the end, in any order. */
  readonly stored: readonly SeenEvent[];
  /** What was made of the log, and how it is made. */
  readonly model?: {
    readonly rows: ReadonlyMap<string, unknown>;
    readonly fold: (log: readonly SeenEvent[]) => ReadonlyMap<string, unknown>;
  };
}

export type BrokenRule =
  | 'dense positions'
  | 'versions of a stream'
  | 'every event once'
  | 'recorded in order'
  | 'acknowledged is stored'
  | 'refused is not stored'
  | 'nobody asked for it'
  | 'all or nothing'
  | 'answered as appended once'
  | 'read and gone'
  | 'reader complete'
  | 'real-time order'
  | 'read model';

export interface Violation {
  readonly rule: BrokenRule;
  readonly what: string;
}

/** Checks the history of a store rather than its last state. @returns what was broken; empty when all promises were kept */
export function violationsOf(history: History): Violation[] {
  const log = history.stored.toSorted((one, other) => one.position - other.position);
  return [
    ...logRules(log),
    ...callRules(history.calls, log),
    ...readRules(history, log),
    ...orderRules(history),
    ...modelRules(history.model, log),
  ];
}

const named = (rule: BrokenRule, found: Iterable<string>): Violation[] =>
  [...found].map((what) => ({ rule, what }));
const show = ({ position, streamId, version, eventId }: SeenEvent) =>
  `position ${position}, ${streamId} version ${version}, event ${eventId}`;

const same = (one: SeenEvent | undefined, other: SeenEvent) =>
  one?.position === other.position &&
  one.streamId === other.streamId &&
  one.version === other.version &&
  one.eventId === other.eventId &&
  one.content === other.content &&
  one.recordedAt === other.recordedAt;

function logRules(log: readonly SeenEvent[]): Violation[] {
  const versions = new Map<string, number>();
  const ids = new Set<string>();
  let recorded = -Infinity;
  return log.flatMap((event, index) => {
    const { recordedAt = recorded } = event;
    const earlier = recordedAt < recorded;
    recorded = recordedAt;
    const before = versions.get(event.streamId) ?? 0;
    versions.set(event.streamId, event.version);
    const twice = ids.has(event.eventId);
    ids.add(event.eventId);
    return [
      ...named(
        'dense positions',
        event.position === index + 1 ? [] : [`${show(event)} is place ${index + 1}`],
      ),
      ...named(
        'versions of a stream',
        event.version === before + 1 ? [] : [`${show(event)} after ${before}`],
      ),
      ...named('every event once', twice ? [show(event)] : []),
      ...named('recorded in order', earlier ? [`${show(event)} was recorded before what it follows`] : []),
    ];
  });
}

function callRules(calls: readonly RecordedCall[], log: readonly SeenEvent[]): Violation[] {
  const byId = new Map(log.map((event) => [event.eventId, event]));
  const mayBeStored = new Set<string>();
  const known = new Set<string>();
  const appended = new Map<string, number>();
  for (const { eventIds, outcome } of calls) {
    const [first] = eventIds;
    for (const id of eventIds) {
      known.add(id);
      if (outcome.status === 'appended' || outcome.status === 'unknown') mayBeStored.add(id);
    }
    if (outcome.status === 'appended') appended.set(first!, (appended.get(first!) ?? 0) + 1);
  }
  return [
    ...calls.flatMap((call) => acknowledgement(call, byId)),
    ...calls.flatMap((call) => named('all or nothing', torn(call, byId))),
    ...named(
      'answered as appended once',
      [...appended].filter(([, times]) => times > 1).map(([id, times]) => `event ${id}: ${times} times`),
    ),
    ...log.flatMap((event) => {
      if (!known.has(event.eventId)) return named('nobody asked for it', [show(event)]);
      return named('refused is not stored', mayBeStored.has(event.eventId) ? [] : [show(event)]);
    }),
  ];
}

/** An answer with a position must be true of the log. */
function acknowledgement(
  { eventIds, streamId, outcome }: RecordedCall,
  byId: ReadonlyMap<string, SeenEvent>,
): Violation[] {
  if (outcome.status !== 'appended' && outcome.status !== 'duplicate') return [];
  return eventIds.flatMap((id, index) => {
    const behind = eventIds.length - 1 - index;
    const promised = { streamId, position: outcome.position - behind, version: outcome.version - behind };
    const event = byId.get(id);
    const kept =
      event?.position === promised.position &&
      event.version === promised.version &&
      event.streamId === streamId;
    const found = event ? `is at ${show(event)}` : 'is not there';
    return named(
      'acknowledged is stored',
      kept ? [] : [`event ${id}, ${outcome.status} at ${promised.position}, ${found}`],
    );
  });
}

function torn({ eventIds }: RecordedCall, byId: ReadonlyMap<string, SeenEvent>): string[] {
  const there = eventIds.filter((id) => byId.has(id)).length;
  return there === 0 || there === eventIds.length
    ? []
    : [`${there} of ${eventIds.length} events of the append that begins with event ${eventIds[0]}`];
}

function readRules({ reads, readers }: History, log: readonly SeenEvent[]): Violation[] {
  const gone = reads.flatMap(({ reader, events }) =>
    events
      .filter((event) => !same(log[event.position - 1], event))
      .map((event) => `${reader} read ${show(event)}, which is not so in the log`),
  );
  const begun = new Map([...reads.map(({ reader }) => [reader, 0] as const), ...(readers ?? [])]);
  const incomplete = [...begun].flatMap(([reader, start]) =>
    cursorFaults(
      reader,
      reads.filter((read) => read.reader === reader),
      start,
      log.length,
    ),
  );
  return [...named('read and gone', gone), ...named('reader complete', incomplete)];
}

function cursorFaults(reader: string, pages: readonly RecordedRead[], start: number, head: number): string[] {
  const faults: string[] = [];
  let cursor = start;
  for (const { after, events } of pages) {
    if (after !== cursor) faults.push(`${reader} went on after ${after}, but had come to ${cursor}`);
    cursor = after;
    for (const { position } of events) {
      if (position !== cursor + 1) faults.push(`${reader} came from ${cursor} to ${position}`);
      cursor = position;
    }
  }
  if (cursor !== head) faults.push(`${reader} ended at ${cursor} of ${head}`);
  return faults;
}

/** What was known to be stored before a call was made is before it in the log. */
function orderRules({ calls, reads }: History): Violation[] {
  const known = [
    ...calls.flatMap(({ outcome, completed }) =>
      outcome.status === 'appended' || outcome.status === 'duplicate'
        ? [{ position: outcome.position, completed, who: 'acknowledged' }]
        : [],
    ),
    ...reads.flatMap(({ events, completed, reader }) =>
      events.map(({ position }) => ({ position, completed, who: `read by ${reader}` })),
    ),
  ].toSorted((one, other) => one.position - other.position);
  const appends = calls
    .flatMap(({ outcome, invoked, eventIds }) =>
      // Of an append of several, the first is what may be too early.
      outcome.status === 'appended' ? [{ position: outcome.position - eventIds.length + 1, invoked }] : [],
    )
    .toSorted((one, other) => one.position - other.position);
  const faults: string[] = [];
  let next = 0;
  let latest = { position: 0, invoked: -Infinity };
  for (const { position, completed, who } of known) {
    for (; next < appends.length && appends[next]!.position < position; next += 1) {
      if (appends[next]!.invoked > latest.invoked) latest = appends[next]!;
    }
    if (completed < latest.invoked)
      faults.push(`position ${position} was ${who} before position ${latest.position} was asked for`);
  }
  return named('real-time order', faults);
}

function modelRules(model: History['model'], log: readonly SeenEvent[]): Violation[] {
  if (!model) return [];
  const expected = model.fold(log);
  const keys = new Set([...expected.keys(), ...model.rows.keys()]);
  const wrong = [...keys].filter((key) => !isDeepStrictEqual(expected.get(key), model.rows.get(key)));
  return named(
    'read model',
    wrong.map(
      (key) => `${key} is ${JSON.stringify(model.rows.get(key))}, not ${JSON.stringify(expected.get(key))}`,
    ),
  );
}
