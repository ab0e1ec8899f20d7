import { AcknowledgeAssignment, AssignContent } from '@loa/contracts-planning';
import type { Directory, SeedAgency } from './agencies.js';
import { rows, type Assignee, type AssignmentKey, type AssignmentRow, type Wish } from './assignment-rows.js';
import { chanceOf } from './chance.js';
import { byKey, idOf } from './ids.js';
import { at, day, minute, officeTimeAfter } from './local-time.js';
import { channels, contents, planId, type ContentKey } from './plan.js';
import { seedCommand, type SeedCommand } from './seed-command.js';

export interface SeedAssignment {
  readonly key: AssignmentKey;
  readonly id: string;
  readonly contentKey: ContentKey;
  readonly mode: Wish['mode'];
  readonly leads: readonly SeedAgency[];
  readonly coordinators: readonly SeedAgency[];
}

export type Assignments = Readonly<Record<AssignmentKey, SeedAssignment>>;

const assignmentKeys = Object.keys(rows) as readonly AssignmentKey[];

export function assignments({ byKey: agency, districts, communes }: Directory): Assignments {
  const named = (assignee: Assignee): readonly SeedAgency[] => {
    if (assignee === 'every district') return districts;
    if (assignee === 'every commune') return communes;
    return [agency[assignee]];
  };
  return byKey<AssignmentKey, SeedAssignment>(
    assignmentKeys.map((key) => {
      const { content, mode, leads, coordinators = [] } = rows[key];
      const id = idOf('assignment', key);
      return {
        key,
        id,
        contentKey: content,
        mode,
        leads: leads.flatMap(named),
        coordinators: coordinators.flatMap(named),
      };
    }),
  );
}

const idsOf = (agencies: readonly SeedAgency[]): string[] => agencies.map(({ id }) => id);

/** What is left out of a row is left out of the command. */
function asWorded({
  target,
  output,
  asWritten,
}: AssignmentRow): Pick<Wish, 'target' | 'output' | 'asWritten'> {
  return {
    ...(target && {
      target: { quantity: target.quantity, channelId: channels[target.channel].id, text: target.text },
    }),
    ...(output && { output }),
    ...(asWritten && { asWritten }),
  };
}

/** March 2022: Sở Nội vụ writes the table of assignments into the draft. */
export function assigning({ byKey: agency }: Directory, made: Assignments): readonly SeedCommand[] {
  return assignmentKeys.map((key, index) => {
    const { id, contentKey, mode, leads, coordinators } = made[key];
    const input = {
      planId,
      agencyId: agency['so-noi-vu'].id,
      assignmentId: id,
      contentId: contents[contentKey].id,
      mode,
      leads: idsOf(leads),
      coordinators: idsOf(coordinators),
      deadline: rows[key].deadline,
      ...asWorded(rows[key]),
    };
    return seedCommand(
      'plan',
      AssignContent,
      input,
      at('2022-03-15T08:30') + index * 6 * minute,
      `assignment/${key}`,
    );
  });
}

/** How likely a body is to confirm: leads mostly do, coordinators often forget, requested bodies owe nothing. */
function confirms({ mode }: SeedAssignment, { key }: SeedAgency, lead: boolean, draw: number): boolean {
  if (mode === 'requested') return key === 'mttq-tinh' || key === 'ban-tuyen-giao';
  return draw < (lead ? 0.88 : 0.62);
}

/** April 2022: most of the agencies confirm that the assignment has reached them. */
export function receipts(made: Assignments): readonly SeedCommand[] {
  return assignmentKeys.flatMap((key) => {
    const assignment = made[key];
    const named = [
      ...assignment.leads.map((agency) => ({ agency, lead: true })),
      ...assignment.coordinators.map((agency) => ({ agency, lead: false })),
    ];
    return named.flatMap(({ agency, lead }) => {
      const name = `receipt/${key}/${agency.key}`;
      const chance = chanceOf(name);
      if (!confirms(assignment, agency, lead, chance.next())) return [];
      const confirmed = officeTimeAfter(at('2022-04-01T00:00') + chance.whole(0, 24) * day, chance);
      const input = { planId, assignmentId: assignment.id, agencyId: agency.id };
      return [seedCommand('plan', AcknowledgeAssignment, input, confirmed, name)];
    });
  });
}
