import { readTable } from '@loa/projections';

/** The directory. One row an agency, written by its stream. */
export const agencyTable = readTable('agency', {
  key: ['id'],
  columns: {
    id: 'uuid',
    name: 'text',
    kind: 'text',
    level: 'text',
    parent_id: 'uuid?',
    gso_code: 'text?',
    /** What a search looks in: name and code without signs, and with them. */
    folded: 'text',
    spelled: 'text',
    version: 'int',
    registered_at: 'timestamptz',
    recorded_at: 'timestamptz',
  },
  // The migration makes it in Vietnamese order.
  indexes: [['name', 'id'], ['parent_id']],
});
