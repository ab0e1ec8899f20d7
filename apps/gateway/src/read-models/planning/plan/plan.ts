import {
  AssignmentAcknowledged,
  ChannelAdded,
  ContentAdded,
  ContentAssigned,
  PlanDrafted,
  PlanIssued,
} from '@loa/contracts-planning';
import type { EventOf, RecordedEvent } from '@loa/event-sourcing';
import { change, projection, put, when, type Change } from '@loa/projections';
import {
  acknowledgementTable,
  assigneeTable,
  assignmentTable,
  channelTable,
  contentTable,
  planTable,
} from './plan.table.js';

/** The plan moves on with every event of its stream, whatever else the event changes. */
const step = (planId: string, { version, recordedAt }: RecordedEvent): Change =>
  change(planTable, { id: planId }, () => ({ version, recorded_at: recordedAt }));

type Assigned = EventOf<typeof ContentAssigned>['data'];

function assigneesOf({ planId, assignmentId, contentId, mode, leads, coordinators }: Assigned): Change[] {
  const named = new Map(coordinators.map((agencyId) => [agencyId, 'coordinator']));
  // An agency that is named as both leads.
  for (const agencyId of leads) named.set(agencyId, 'lead');
  return [...named].map(([agencyId, role]) =>
    put(assigneeTable, {
      plan_id: planId,
      agency_id: agencyId,
      assignment_id: assignmentId,
      content_id: contentId,
      mode,
      role,
    }),
  );
}

const assignmentOf = (assigned: Assigned, ordinal: number): Change =>
  put(assignmentTable, {
    plan_id: assigned.planId,
    id: assigned.assignmentId,
    ordinal,
    content_id: assigned.contentId,
    mode: assigned.mode,
    leads: assigned.leads,
    coordinators: assigned.coordinators,
    deadline_kind: assigned.deadline.kind,
    deadline_date: assigned.deadline.date ?? null,
    deadline_year: assigned.deadline.year ?? null,
    deadline_text: assigned.deadline.text ?? null,
    target_quantity: assigned.target?.quantity ?? null,
    target_channel_id: assigned.target?.channelId ?? null,
    target_text: assigned.target?.text ?? null,
    output: assigned.output ?? null,
    as_written: assigned.asWritten ?? null,
  });

/** What the plans say, and who has confirmed that it knows. */
export const plans = projection(
  'plans',
  [planTable, contentTable, channelTable, assignmentTable, assigneeTable, acknowledgementTable],
  [
    when(PlanDrafted, (drafted, { occurredAt, recordedAt, version }) => [
      put(planTable, {
        id: drafted.planId,
        status: 'draft',
        number: null,
        symbol: null,
        issued_on: null,
        title: drafted.title,
        year: drafted.year,
        purposes: drafted.purposes,
        requirements: drafted.requirements,
        provenance: drafted.provenance ?? null,
        issuer_id: drafted.issuerId,
        standing_agency_id: drafted.standingAgencyId,
        drafted_at: occurredAt,
        issued_at: null,
        recorded_at: recordedAt,
        version,
      }),
    ]),
    when(ContentAdded, ({ planId, contentId, ordinal, title, illustrative }, event) => [
      put(contentTable, { plan_id: planId, id: contentId, ordinal, title, illustrative }),
      step(planId, event),
    ]),
    when(ChannelAdded, ({ planId, channelId, ordinal, name, unit }, event) => [
      put(channelTable, { plan_id: planId, id: channelId, ordinal, name, unit }),
      step(planId, event),
    ]),
    when(ContentAssigned, (assigned, event) => [
      assignmentOf(assigned, event.version),
      ...assigneesOf(assigned),
      step(assigned.planId, event),
    ]),
    when(PlanIssued, ({ planId, number, symbol, issuedOn }, event) => [
      change(planTable, { id: planId }, () => ({
        status: 'issued',
        number,
        symbol,
        issued_on: issuedOn,
        issued_at: event.occurredAt,
      })),
      step(planId, event),
    ]),
    when(AssignmentAcknowledged, ({ planId, assignmentId, agencyId }, { occurredAt }) => [
      put(acknowledgementTable, {
        plan_id: planId,
        agency_id: agencyId,
        assignment_id: assignmentId,
        acknowledged_at: occurredAt,
      }),
    ]),
  ],
);
