import { readTable } from '@loa/projections';

/** Plans. This and the next four are written by the stream of the plan. */
export const planTable = readTable('plan', {
  key: ['id'],
  columns: {
    id: 'uuid',
    /** draft, issued */
    status: 'text',
    number: 'text?',
    symbol: 'text?',
    issued_on: 'date?',
    title: 'text',
    year: 'int',
    /** Lists of text. */
    purposes: 'jsonb',
    requirements: 'jsonb',
    /** { source, author?, link?, note? } */
    provenance: 'jsonb?',
    issuer_id: 'uuid',
    standing_agency_id: 'uuid',
    drafted_at: 'timestamptz',
    issued_at: 'timestamptz?',
    recorded_at: 'timestamptz',
    version: 'int',
  },
  indexes: [['year', 'drafted_at', 'id']],
});

export const contentTable = readTable('content', {
  key: ['plan_id', 'id'],
  columns: { plan_id: 'uuid', id: 'uuid', ordinal: 'int', title: 'text', illustrative: 'boolean' },
});

export const channelTable = readTable('channel', {
  key: ['plan_id', 'id'],
  columns: { plan_id: 'uuid', id: 'uuid', ordinal: 'int', name: 'text', unit: 'text' },
});

export const assignmentTable = readTable('assignment', {
  key: ['plan_id', 'id'],
  columns: {
    plan_id: 'uuid',
    id: 'uuid',
    /** Order in which the plan assigns. */
    ordinal: 'int',
    content_id: 'uuid',
    mode: 'text',
    leads: 'uuid[]',
    coordinators: 'uuid[]',
    deadline_kind: 'text',
    deadline_date: 'date?',
    deadline_year: 'int?',
    deadline_text: 'text?',
    target_quantity: 'int?',
    target_channel_id: 'uuid?',
    target_text: 'text?',
    output: 'text?',
    as_written: 'text?',
  },
});

/** The assignments as an agency sees them: one row for every agency an assignment names. */
export const assigneeTable = readTable('assignee', {
  key: ['plan_id', 'agency_id', 'assignment_id'],
  columns: {
    plan_id: 'uuid',
    agency_id: 'uuid',
    assignment_id: 'uuid',
    content_id: 'uuid',
    mode: 'text',
    /** lead, coordinator */
    role: 'text',
  },
});

/** Which agency has confirmed which assignment. Written by the stream of the receipt. */
export const acknowledgementTable = readTable('acknowledgement', {
  key: ['plan_id', 'agency_id', 'assignment_id'],
  columns: { plan_id: 'uuid', agency_id: 'uuid', assignment_id: 'uuid', acknowledged_at: 'timestamptz' },
});
