import {
  ActivityCorrected,
  ActivityDrafted,
  ActivityReturned,
  ActivitySubmitted,
  ActivityVerified,
  EvidenceAttached,
  EvidenceWithdrawn,
} from '@loa/contracts-reporting';
import type { EventOf, RecordedEvent } from '@loa/event-sourcing';
import { change, projection, put, when, type Change, type Row } from '@loa/projections';
import { activityTable, entryTable } from './activity.table.js';
import { attached, withdrawn } from './evidence.js';
import { reportingPeriodOf } from './reporting-period.js';
import type { EntryKind } from './thread.js';

type ActivityRow = Row<typeof activityTable>;
type Said = Omit<EventOf<typeof ActivityCorrected>['data'], 'activityId'>;

/** Changes the row; whatever happens, it now stands at this event. */
const step = (
  id: string,
  { version, recordedAt }: RecordedEvent,
  next: (row: ActivityRow) => Partial<ActivityRow>,
): Change => change(activityTable, { id }, (row) => ({ ...next(row), version, recorded_at: recordedAt }));

interface Told {
  readonly by?: string;
  readonly reason?: string;
  readonly said?: object;
}

const entry = (
  id: string,
  kind: EntryKind,
  event: RecordedEvent,
  { by, reason, said = {} }: Told = {},
): Change =>
  put(entryTable, {
    activity_id: id,
    version: event.version,
    kind,
    by_agency_id: by ?? null,
    reason: reason ?? null,
    said,
    occurred_at: event.occurredAt,
    recorded_at: event.recordedAt,
  });

/** The columns that a statement changes: fields that it leaves out stay as they are. */
const columnsOf = ({
  contentId,
  channelId,
  title,
  held,
  place,
  quantity,
  reach,
}: Said): Partial<ActivityRow> => ({
  ...(contentId !== undefined && { content_id: contentId }),
  ...(channelId !== undefined && { channel_id: channelId }),
  ...(title !== undefined && { title }),
  ...(held !== undefined && periodColumns(held)),
  ...(place !== undefined && { place }),
  ...(quantity !== undefined && { quantity }),
  ...(reach !== undefined && { reach }),
});

function periodColumns(held: { from: string; to: string }) {
  const { year, quarter } = reportingPeriodOf(held);
  return { held_from: held.from, held_to: held.to, report_year: year, report_quarter: quarter };
}

/** What agencies did, how it stands, and how it came to be so. */
export const activities = projection(
  'activities',
  [activityTable, entryTable],
  [
    when(ActivityDrafted, ({ activityId, agencyId, planId, ...said }, event) => [
      put(activityTable, {
        id: activityId,
        agency_id: agencyId,
        plan_id: planId,
        content_id: said.contentId,
        channel_id: said.channelId,
        title: said.title,
        ...periodColumns(said.held),
        place: said.place,
        quantity: said.quantity,
        reach: said.reach,
        status: 'draft',
        evidence: [],
        submitted_at: null,
        returned_at: null,
        return_reason: null,
        verified_at: null,
        drafted_at: event.occurredAt,
        recorded_at: event.recordedAt,
        version: event.version,
      }),
      entry(activityId, 'drafted', event, { said }),
    ]),
    when(ActivityCorrected, ({ activityId, ...said }, event) => [
      step(activityId, event, () => columnsOf(said)),
      entry(activityId, 'corrected', event, { said }),
    ]),
    when(EvidenceAttached, ({ activityId, evidenceId, ...piece }, event) => [
      step(activityId, event, ({ evidence }) => ({
        evidence: attached(evidence, { id: evidenceId, ...piece }),
      })),
      entry(activityId, 'evidence-attached', event, { said: { evidenceId, title: piece.title } }),
    ]),
    when(EvidenceWithdrawn, ({ activityId, evidenceId }, event) => [
      step(activityId, event, ({ evidence }) => ({ evidence: withdrawn(evidence, evidenceId) })),
      entry(activityId, 'evidence-withdrawn', event, { said: { evidenceId } }),
    ]),
    when(ActivitySubmitted, ({ activityId }, event) => [
      step(activityId, event, () => ({
        status: 'submitted',
        submitted_at: event.occurredAt,
        return_reason: null,
      })),
      entry(activityId, 'submitted', event),
    ]),
    when(ActivityReturned, ({ activityId, returnedBy, reason }, event) => [
      step(activityId, event, () => ({
        status: 'returned',
        returned_at: event.occurredAt,
        return_reason: reason,
      })),
      entry(activityId, 'returned', event, { by: returnedBy, reason }),
    ]),
    when(ActivityVerified, ({ activityId, verifiedBy }, event) => [
      step(activityId, event, () => ({ status: 'verified', verified_at: event.occurredAt })),
      entry(activityId, 'verified', event, { by: verifiedBy }),
    ]),
  ],
);
