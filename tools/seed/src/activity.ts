import {
  AttachEvidence,
  CorrectActivity,
  DraftActivity,
  ReturnActivity,
  SubmitActivity,
  VerifyActivity,
} from '@loa/contracts-reporting';
import type { CommandContract } from '@loa/event-sourcing';
import type { z } from 'zod';
import type { SeedAgency } from './agencies.js';
import { idOf } from './ids.js';
import { rfc3339 } from './local-time.js';
import { channels, contents, planId, type ChannelKey, type ContentKey } from './plan.js';
import { seedCommand, type SeedCommand } from './seed-command.js';

type Draft = z.input<typeof DraftActivity.input>;
type Correction = Omit<z.input<typeof CorrectActivity.input>, 'activityId' | 'agencyId'>;
export type Said = Pick<Draft, 'title' | 'place' | 'quantity' | 'reach'>;

/** An activity as it truly was; instants in milliseconds. */
export interface Activity extends Said {
  readonly key: string;
  readonly agency: SeedAgency;
  readonly content: ContentKey;
  readonly channel: ChannelKey;
  readonly from: number;
  readonly to: number;
}

/** One thing that somebody did about an activity. */
export type Step =
  | { readonly did: 'draft'; readonly at: number; readonly mistaken?: Partial<Said> }
  | { readonly did: 'attach'; readonly at: number; readonly title: string }
  | { readonly did: 'submit'; readonly at: number }
  | { readonly did: 'return'; readonly at: number; readonly reason: string }
  | { readonly did: 'correct'; readonly at: number; readonly change: Correction }
  | { readonly did: 'verify'; readonly at: number };

export const activityId = (key: string): string => idOf('activity', key);

const asDrafted = ({ content, channel, from, to, title, place, quantity, reach }: Activity) => ({
  planId,
  contentId: contents[content].id,
  channelId: channels[channel].id,
  title,
  held: { from: rfc3339(from), to: rfc3339(to) },
  place,
  quantity,
  reach,
});

/** A link that can prove nothing by mistake: the domain is reserved for examples, and the title says so. */
const evidence = (key: string, ordinal: number, title: string) => ({
  evidenceId: idOf('evidence', `${key}/${ordinal}`),
  title: `${title} (minh họa)`,
  link: `https://example.org/minh-hoa/${key}/${ordinal}`,
});

function command(
  activity: Activity,
  id: string,
  standing: SeedAgency,
  step: Step,
  index: number,
): SeedCommand {
  const { key, agency } = activity;
  const own = { activityId: id, agencyId: agency.id };
  const judged = { activityId: id, agencyId: standing.id };
  const ask = <C extends CommandContract>(contract: C, input: z.input<C['input']>) =>
    seedCommand('activities', contract, input, step.at, `activity/${key}/${index + 1}-${step.did}`);
  switch (step.did) {
    case 'draft':
      return ask(DraftActivity, { ...own, ...asDrafted(activity), ...step.mistaken });
    case 'attach':
      return ask(AttachEvidence, { ...own, ...evidence(key, index, step.title) });
    case 'submit':
      return ask(SubmitActivity, own);
    case 'return':
      return ask(ReturnActivity, { ...judged, reason: step.reason });
    case 'correct':
      return ask(CorrectActivity, { ...own, ...step.change });
    case 'verify':
      return ask(VerifyActivity, judged);
  }
}

/** The life of one activity, in order. */
export function thread(
  activity: Activity,
  standing: SeedAgency,
  steps: readonly Step[],
): readonly SeedCommand[] {
  const id = activityId(activity.key);
  return steps.map((step, index) => command(activity, id, standing, step, index));
}
