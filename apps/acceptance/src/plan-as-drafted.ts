import { AddChannel, AddContent, AssignContent, DraftPlan } from '@loa/contracts-planning';
import type { CommandContract } from '@loa/event-sourcing';
import { issuer, standing, world } from './cast.js';

/** The inputs of the seed's commands of one kind, as the contract reads them. */
const inputsOf = <C extends CommandContract>(contract: C): ReturnType<C['input']['parse']>[] =>
  world.commands
    .filter((command) => command.contract === contract)
    .map(({ input }) => contract.input.parse(input) as ReturnType<C['input']['parse']>);

const capitals = (value: string) => value.toUpperCase().replaceAll('-', '_');

const nameOf = (id: string) => Object.values(world.agencies).find((agency) => agency.id === id)!.name;

/** What the gateway must show of plan 211 before it is issued: every word that the drafting commands carried. */
export function planAsDrafted() {
  const [draft] = inputsOf(DraftPlan);
  const { title, year, purposes, requirements, provenance } = draft!;
  return {
    status: 'DRAFT',
    number: null,
    symbol: null,
    issuedOn: null,
    title,
    year,
    purposes,
    requirements,
    issuer: { name: nameOf(issuer) },
    standingAgency: { name: nameOf(standing) },
    provenance: { source: provenance!.source, author: provenance!.author, note: provenance!.note },
    contents: inputsOf(AddContent).map(({ contentId, title: words, illustrative }, index) => ({
      id: contentId,
      ordinal: index + 1,
      title: words,
      illustrative,
    })),
    channels: inputsOf(AddChannel).map(({ channelId, name, unit }, index) => ({
      id: channelId,
      ordinal: index + 1,
      name,
      unit,
    })),
    assignments: inputsOf(AssignContent).map(asAssigned),
  };
}

const asAssigned = (input: ReturnType<typeof AssignContent.input.parse>) => ({
  id: input.assignmentId,
  contentId: input.contentId,
  mode: capitals(input.mode),
  deadline: {
    kind: capitals(input.deadline.kind),
    date: input.deadline.date ?? null,
    year: input.deadline.year ?? null,
    text: input.deadline.text ?? null,
  },
  target: input.target ?? null,
  output: input.output ?? null,
  asWritten: input.asWritten ?? null,
  leads: input.leads.map((agencyId) => ({ agencyId, acknowledgedAt: null })),
  coordinators: input.coordinators.map((agencyId) => ({ agencyId })),
});
