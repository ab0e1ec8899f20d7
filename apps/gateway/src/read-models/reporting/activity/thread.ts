import { Audience } from '@loa/contracts-reporting';
import { programmeTime } from '../../programme-day.js';

export const entryKinds = [
  'drafted',
  'corrected',
  'evidence-attached',
  'evidence-withdrawn',
  'submitted',
  'returned',
  'verified',
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** What an event stated of the activity; a field that is missing was not spoken of. */
export interface Stated {
  readonly contentId?: string;
  readonly channelId?: string;
  readonly title?: string;
  readonly held?: { readonly from: string; readonly to: string };
  readonly place?: string;
  readonly quantity?: number;
  readonly reach?: readonly { readonly audience: string; readonly people: number }[];
  readonly evidenceId?: string;
}

/** An entry as the tables hold it, with the names its ids stood for. */
export interface StoredEntry {
  readonly version: number;
  readonly kind: EntryKind;
  readonly said: Stated;
  readonly contentTitle: string | null;
  readonly channelName: string | null;
}

/** From what to what, in words for people; null: there was, or is, nothing. */
export interface FieldChange {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

const reachField = (audience: string): string => `REACH_${audience.toUpperCase()}`;

/** Names of the fields that can change. */
export const activityFields: readonly string[] = [
  'CONTENT',
  'CHANNEL',
  'TITLE',
  'HELD_FROM',
  'HELD_TO',
  'PLACE',
  'QUANTITY',
  ...Audience.options.map(reachField),
  'EVIDENCE',
];

/** What an entry says each field is, of those it speaks of. */
function valuesOf({ said, contentTitle, channelName }: StoredEntry): ReadonlyMap<string, string | null> {
  const { contentId, channelId, title, held, place, quantity, reach } = said;
  const people = new Map(reach?.map((one) => [one.audience, String(one.people)]));
  return new Map([
    ...given('CONTENT', contentId && (contentTitle ?? contentId)),
    ...given('CHANNEL', channelId && (channelName ?? channelId)),
    ...given('TITLE', title),
    ...given('HELD_FROM', held && programmeTime(held.from)),
    ...given('HELD_TO', held && programmeTime(held.to)),
    ...given('PLACE', place),
    ...given('QUANTITY', quantity?.toString()),
    // The list is stated as a whole: an audience that is not on it was not reached.
    ...(reach
      ? Audience.options.map((audience) => [reachField(audience), people.get(audience) ?? null] as const)
      : []),
  ]);
}

const given = (field: string, value: string | undefined): readonly (readonly [string, string | null])[] =>
  value === undefined ? [] : [[field, value]];

/** What is known of an activity after some of its entries. */
interface Known {
  readonly values: Map<string, string | null>;
  readonly evidence: Map<string, string>;
}

function evidenceChange(
  { kind, said: { evidenceId = '', title = '' } }: StoredEntry,
  { evidence }: Known,
): FieldChange {
  const from = evidence.get(evidenceId) ?? null;
  if (kind === 'evidence-attached') evidence.set(evidenceId, title);
  else evidence.delete(evidenceId);
  return { field: 'EVIDENCE', from, to: evidence.get(evidenceId) ?? null };
}

/** Takes an entry in, and tells what it changed. */
function changesOf(entry: StoredEntry, known: Known): FieldChange[] {
  if (entry.kind === 'evidence-attached' || entry.kind === 'evidence-withdrawn')
    return [evidenceChange(entry, known)];
  const changes = [...valuesOf(entry)]
    .map(([field, to]) => ({ field, from: known.values.get(field) ?? null, to }))
    .filter(({ from, to }) => from !== to);
  for (const { field, to } of changes) known.values.set(field, to);
  // The first entry states everything for the first time: nothing changed by it.
  return entry.kind === 'drafted' ? [] : changes;
}

/**
 * The life of an activity, each entry with what it changed: told from the entries before it.
 * @param entries all of them, oldest first
 */
export function threadOf<E extends StoredEntry>(
  entries: readonly E[],
): (Omit<E, 'said' | 'contentTitle' | 'channelName'> & { readonly changes: readonly FieldChange[] })[] {
  const known: Known = { values: new Map(), evidence: new Map() };
  return entries.map((entry) => {
    const { said: _said, contentTitle: _content, channelName: _channel, ...rest } = entry;
    return { ...rest, changes: changesOf(entry, known) };
  });
}
