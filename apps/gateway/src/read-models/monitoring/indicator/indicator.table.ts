import { readTable } from '@loa/projections';

/** What is measured over the verified activities of a plan. Both tables are written by the stream of the indicator. */
export const indicatorTable = readTable('indicator', {
  key: ['id'],
  columns: {
    id: 'uuid',
    plan_id: 'uuid',
    defined_by: 'uuid',
    name: 'text',
    unit: 'text',
    /** activities, quantity, reach */
    measure: 'text',
    /** Empty: all. */
    content_ids: 'uuid[]',
    channel_ids: 'uuid[]',
    agency_ids: 'uuid[]',
    audiences: 'text[]',
    target: 'int',
    defined_at: 'timestamptz',
    recorded_at: 'timestamptz',
    version: 'int',
  },
  indexes: [['plan_id', 'defined_at', 'id']],
  historyIndexes: [['plan_id']],
});

/** Every target an indicator ever had, with why it was changed. */
export const targetTable = readTable('indicator_target', {
  key: ['indicator_id', 'version'],
  columns: {
    indicator_id: 'uuid',
    version: 'int',
    target: 'int',
    /** null: the first target. */
    reason: 'text?',
    occurred_at: 'timestamptz',
    recorded_at: 'timestamptz',
  },
});
