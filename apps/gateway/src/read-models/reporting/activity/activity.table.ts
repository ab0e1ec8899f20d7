import { readTable } from '@loa/projections';

/** Activities as they stand. Both tables are written by the stream of the activity. */
export const activityTable = readTable('activity', {
  key: ['id'],
  columns: {
    id: 'uuid',
    agency_id: 'uuid',
    plan_id: 'uuid',
    content_id: 'uuid',
    channel_id: 'uuid',
    title: 'text',
    held_from: 'timestamptz',
    held_to: 'timestamptz',
    place: 'text',
    /** In the unit of the channel. */
    quantity: 'int',
    /** [{ audience, people }] */
    reach: 'jsonb',
    /** draft, submitted, returned, verified */
    status: 'text',
    /** [{ id, title, link?, file?: { sha256, bytes, mediaType, name } }] */
    evidence: 'jsonb',
    report_year: 'int',
    /** e.g. 2022-Q2 */
    report_quarter: 'text',
    submitted_at: 'timestamptz?',
    returned_at: 'timestamptz?',
    return_reason: 'text?',
    verified_at: 'timestamptz?',
    drafted_at: 'timestamptz',
    recorded_at: 'timestamptz',
    version: 'int',
  },
  indexes: [
    ['held_from', 'id'],
    ['plan_id', 'held_from', 'id'],
    ['plan_id', 'status', 'held_from', 'id'],
    ['agency_id', 'held_from', 'id'],
    ['content_id', 'held_from', 'id'],
    ['channel_id', 'held_from', 'id'],
  ],
  historyIndexes: [['plan_id'], ['agency_id'], ['content_id'], ['held_from']],
});

/** What happened to an activity, one row an event: it is never changed again. */
export const entryTable = readTable('activity_entry', {
  key: ['activity_id', 'version'],
  columns: {
    activity_id: 'uuid',
    version: 'int',
    kind: 'text',
    /** Who did it; null: the agency of the activity. */
    by_agency_id: 'uuid?',
    reason: 'text?',
    /** The fields of the activity that the event stated, or the piece of evidence. */
    said: 'jsonb',
    occurred_at: 'timestamptz',
    recorded_at: 'timestamptz',
  },
});
