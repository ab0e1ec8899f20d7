import { activityId, thread, type Activity } from './activity.js';
import type { Directory, SeedAgency } from './agencies.js';
import type { Assignments } from './assignments.js';
import { chanceOf, type Chance } from './chance.js';
import { courseOf } from './courses.js';
import { cutOffActivities } from './cut-off.js';
import { activitiesOf, channelsOf, contentsOfChannel } from './effort.js';
import { at, day, hour, isWorkingDay, localMonth, minute } from './local-time.js';
import { contentKeys, type ChannelKey, type ContentKey } from './plan.js';
import { measured } from './scale.js';
import type { SeedCommand } from './seed-command.js';
import { topics } from './topics.js';
import { asTitle, wordings } from './wording.js';

export interface SeedActivity {
  readonly key: string;
  readonly id: string;
  readonly agencyKey: string;
  readonly contentKey: ContentKey;
  readonly channelKey: ChannelKey;
  /** Its own commands, in order. */
  readonly commands: readonly SeedCommand[];
}

/** Activities held in each month, for every ten of an ordinary one: slow after the issue, busy before the year ends. */
const months = {
  '04': 6,
  '05': 10,
  '06': 11,
  '07': 8,
  '08': 10,
  '09': 12,
  '10': 12,
  '11': 13,
  '12': 10,
} as const;

/** A day after the plan was issued (31 March) and before the offices close for the year. */
function heldDay(chance: Chance): number {
  const month = chance.weighted(months);
  const date = chance.whole(month === '04' ? 4 : 1, month === '12' ? 21 : 30);
  return at(`2022-${month}-${String(date).padStart(2, '0')}T00:00`);
}

/** What gathers people takes half a working day; the rest goes on for an hour or for days. */
function held(channel: ChannelKey, today: number, chance: Chance): Pick<Activity, 'from' | 'to'> {
  const gathering: readonly ChannelKey[] = ['hoi-nghi', 'toa-dam'];
  if (gathering.includes(channel)) {
    let start = today;
    while (!isWorkingDay(start)) start += day;
    const from = start + chance.pick([7.5, 8, 8.5, 14]) * hour;
    return { from, to: from + chance.pick([2, 2.5, 3]) * hour };
  }
  const from = today + chance.pick([5, 7, 8, 9, 16.5]) * hour + chance.whole(0, 5) * 5 * minute;
  return { from, to: from + chance.whole(0, 4) * day + chance.whole(1, 4) * hour };
}

const contentFor = (channel: ChannelKey, assigned: readonly ContentKey[], chance: Chance): ContentKey =>
  chance.pick(
    contentsOfChannel[channel] ?? (chance.happens(0.85) && assigned.length > 0 ? assigned : contentKeys),
  );

function activity(agency: SeedAgency, key: string, today: number, assigned: readonly ContentKey[]): Activity {
  const chance = chanceOf(`activity/${key}`);
  const channel = chance.weighted(channelsOf(agency));
  const content = contentFor(channel, assigned, chance);
  const times = held(channel, today, chance);
  const scene = { agency, topic: chance.pick(topics[content]), month: localMonth(times.from) };
  const way = chance.pick(wordings[channel].ways);
  const said = { title: asTitle(way.title(scene)), place: way.place(scene) };
  return {
    key,
    agency,
    content,
    channel,
    ...times,
    ...said,
    ...measured(channel, agency, way.audience, chance),
  };
}

/** The activities of one agency in the order in which they were held. */
function ofAgency(
  agency: SeedAgency,
  parent: SeedAgency | undefined,
  assigned: readonly ContentKey[],
): readonly Activity[] {
  const chance = chanceOf(`days/${agency.key}`);
  const days = Array.from({ length: activitiesOf(agency, parent) }, () => heldDay(chance)).sort(
    (a, b) => a - b,
  );
  return days.map((today, index) => activity(agency, `${agency.key}-${index + 1}`, today, assigned));
}

function assignedTo(agency: SeedAgency, assignments: Assignments): readonly ContentKey[] {
  const named = Object.values(assignments).filter(
    ({ leads, coordinators }) => leads.includes(agency) || coordinators.includes(agency),
  );
  return [...new Set(named.map(({ contentKey }) => contentKey))];
}

/** About 600 activities of 2022, and those held or handed in at the very edge of a reporting period. */
export function activities(directory: Directory, assignments: Assignments): readonly SeedActivity[] {
  const standing = directory.byKey['so-noi-vu'];
  const ordinary = directory.all.flatMap((agency) => {
    const parent = agency.parentKey ? directory.byKey[agency.parentKey] : undefined;
    return ofAgency(agency, parent, assignedTo(agency, assignments)).map((held) => ({
      activity: held,
      steps: courseOf(held, chanceOf(`course/${held.key}`)),
    }));
  });
  return [...ordinary, ...cutOffActivities(directory)].map(({ activity: held, steps }) => ({
    key: held.key,
    id: activityId(held.key),
    agencyKey: held.agency.key,
    contentKey: held.content,
    channelKey: held.channel,
    commands: thread(held, standing, steps),
  }));
}
