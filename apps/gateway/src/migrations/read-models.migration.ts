import { runtimeRole } from '@loa/database';
import { createCheckpoints } from '@loa/projections';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// A table is named as its readTable is. An index is named by its table and columns, for TypeORM to find it again.

const planning = `
CREATE TABLE read.agency (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  kind text NOT NULL,
  level text NOT NULL,
  parent_id uuid,
  gso_code text,
  folded text NOT NULL,
  spelled text NOT NULL,
  version int NOT NULL,
  registered_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL
);
CREATE INDEX agency_name_id ON read.agency (name COLLATE "vi-x-icu", id);
CREATE INDEX agency_parent_id ON read.agency (parent_id);

CREATE TABLE read.plan (
  id uuid PRIMARY KEY,
  status text NOT NULL,
  number text,
  symbol text,
  issued_on date,
  title text NOT NULL,
  year int NOT NULL,
  purposes jsonb NOT NULL,
  requirements jsonb NOT NULL,
  provenance jsonb,
  issuer_id uuid NOT NULL,
  standing_agency_id uuid NOT NULL,
  drafted_at timestamptz NOT NULL,
  issued_at timestamptz,
  recorded_at timestamptz NOT NULL,
  version int NOT NULL
);
CREATE INDEX plan_year_drafted_at_id ON read.plan (year, drafted_at, id);

CREATE TABLE read.content (
  plan_id uuid NOT NULL,
  id uuid NOT NULL,
  ordinal int NOT NULL,
  title text NOT NULL,
  illustrative boolean NOT NULL,
  PRIMARY KEY (plan_id, id)
);

CREATE TABLE read.channel (
  plan_id uuid NOT NULL,
  id uuid NOT NULL,
  ordinal int NOT NULL,
  name text NOT NULL,
  unit text NOT NULL,
  PRIMARY KEY (plan_id, id)
);

CREATE TABLE read.assignment (
  plan_id uuid NOT NULL,
  id uuid NOT NULL,
  ordinal int NOT NULL,
  content_id uuid NOT NULL,
  mode text NOT NULL,
  leads uuid[] NOT NULL,
  coordinators uuid[] NOT NULL,
  deadline_kind text NOT NULL,
  deadline_date date,
  deadline_year int,
  deadline_text text,
  target_quantity int,
  target_channel_id uuid,
  target_text text,
  output text,
  as_written text,
  PRIMARY KEY (plan_id, id)
);

CREATE TABLE read.assignee (
  plan_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  assignment_id uuid NOT NULL,
  content_id uuid NOT NULL,
  mode text NOT NULL,
  role text NOT NULL,
  PRIMARY KEY (plan_id, agency_id, assignment_id)
);

CREATE TABLE read.acknowledgement (
  plan_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  assignment_id uuid NOT NULL,
  acknowledged_at timestamptz NOT NULL,
  PRIMARY KEY (plan_id, agency_id, assignment_id)
);
`;

const reporting = `
CREATE TABLE read.activity (
  id uuid PRIMARY KEY,
  agency_id uuid NOT NULL,
  plan_id uuid NOT NULL,
  content_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  title text NOT NULL,
  held_from timestamptz NOT NULL,
  held_to timestamptz NOT NULL,
  place text NOT NULL,
  quantity int NOT NULL,
  reach jsonb NOT NULL,
  status text NOT NULL,
  evidence jsonb NOT NULL,
  report_year int NOT NULL,
  report_quarter text NOT NULL,
  submitted_at timestamptz,
  returned_at timestamptz,
  return_reason text,
  verified_at timestamptz,
  drafted_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  version int NOT NULL
);
CREATE INDEX activity_held_from_id ON read.activity (held_from, id);
CREATE INDEX activity_plan_id_held_from_id ON read.activity (plan_id, held_from, id);
CREATE INDEX activity_plan_id_status_held_from_id ON read.activity (plan_id, status, held_from, id);
CREATE INDEX activity_agency_id_held_from_id ON read.activity (agency_id, held_from, id);
CREATE INDEX activity_content_id_held_from_id ON read.activity (content_id, held_from, id);
CREATE INDEX activity_channel_id_held_from_id ON read.activity (channel_id, held_from, id);

CREATE TABLE read.activity_entry (
  activity_id uuid NOT NULL,
  version int NOT NULL,
  kind text NOT NULL,
  by_agency_id uuid,
  reason text,
  said jsonb NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (activity_id, version)
);
`;

const monitoring = `
CREATE TABLE read.indicator (
  id uuid PRIMARY KEY,
  plan_id uuid NOT NULL,
  defined_by uuid NOT NULL,
  name text NOT NULL,
  unit text NOT NULL,
  measure text NOT NULL,
  content_ids uuid[] NOT NULL,
  channel_ids uuid[] NOT NULL,
  agency_ids uuid[] NOT NULL,
  audiences text[] NOT NULL,
  target int NOT NULL,
  defined_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  version int NOT NULL
);
CREATE INDEX indicator_plan_id_defined_at_id ON read.indicator (plan_id, defined_at, id);

CREATE TABLE read.indicator_target (
  indicator_id uuid NOT NULL,
  version int NOT NULL,
  target int NOT NULL,
  reason text,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (indicator_id, version)
);
`;

/** Each table has the states its rows were ever in beside it: the same columns, and when the state was recorded. */
const historyOf = (table: string, key: string): string => `
CREATE TABLE read.${table}_history (
  LIKE read.${table},
  recorded_from timestamptz NOT NULL,
  recorded_to timestamptz NOT NULL,
  PRIMARY KEY (${key}, recorded_from)
);
`;

const histories = [
  historyOf('agency', 'id'),
  historyOf('plan', 'id'),
  historyOf('content', 'plan_id, id'),
  historyOf('channel', 'plan_id, id'),
  historyOf('assignment', 'plan_id, id'),
  historyOf('assignee', 'plan_id, agency_id, assignment_id'),
  historyOf('acknowledgement', 'plan_id, agency_id, assignment_id'),
  historyOf('activity', 'id'),
  historyOf('activity_entry', 'activity_id, version'),
  historyOf('indicator', 'id'),
  historyOf('indicator_target', 'indicator_id, version'),
  `CREATE INDEX activity_history_plan_id ON read.activity_history (plan_id);
   CREATE INDEX activity_history_agency_id ON read.activity_history (agency_id);
   CREATE INDEX activity_history_content_id ON read.activity_history (content_id);
   CREATE INDEX activity_history_held_from ON read.activity_history (held_from);
   CREATE INDEX indicator_history_plan_id ON read.indicator_history (plan_id);`,
];

/** Schema `read`: what the gateway keeps of all contexts, to answer questions from. */
export class ReadModels1700000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA read');
    for (const sql of [planning, reporting, monitoring, ...histories]) await runner.query(sql);
    await createCheckpoints(runner, 'read');
    const role = await runtimeRole(runner);
    await runner.query(`GRANT USAGE ON SCHEMA read TO ${role}`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA read TO ${role}`);
  }

  /** Nothing is lost: the rows are made again from the events. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA read CASCADE');
  }
}
