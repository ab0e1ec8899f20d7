import type { DraftActivity } from '@loa/contracts-reporting';
import type { z } from 'zod';
import type { SeedAgency } from './agencies.js';
import type { Chance } from './chance.js';
import type { ChannelKey } from './plan.js';

type Reach = z.input<typeof DraftActivity.input>['reach'];
type Audience = Reach[number]['audience'];
type Range = readonly [from: number, to: number];

interface Scale {
  /** In the unit of the channel, for a commune. */
  readonly quantity: Range;
  /** Quantities come in whole steps of this size, like leaflets in bundles. */
  readonly step?: number;
  readonly citizens?: Range;
  readonly officials?: Range;
  readonly businesses?: Range;
}

const scales: Readonly<Record<ChannelKey, Scale>> = {
  'bao-in-dien-tu': { quantity: [1, 3], citizens: [200, 900] },
  'phat-thanh-truyen-hinh': { quantity: [1, 4], citizens: [600, 2500] },
  'truyen-thanh-co-so': { quantity: [3, 14], citizens: [250, 1600] },
  'trang-thong-tin': { quantity: [1, 5], citizens: [60, 400], businesses: [2, 15] },
  'to-roi': { quantity: [2, 8], step: 50, citizens: [80, 350] },
  'pano-bang-ron': { quantity: [2, 8], citizens: [200, 900] },
  'bang-dien-tu': { quantity: [1, 4], citizens: [100, 500] },
  'xe-loa': { quantity: [1, 5], citizens: [200, 900] },
  'hoi-nghi': { quantity: [1, 1], officials: [18, 45], citizens: [30, 140] },
  'toa-dam': { quantity: [1, 1], citizens: [30, 90], businesses: [4, 18] },
  'cuoc-thi': { quantity: [8, 30], step: 10, officials: [40, 120], citizens: [50, 160] },
  'mang-xa-hoi': { quantity: [2, 12], citizens: [80, 700] },
  'niem-yet': { quantity: [3, 40], citizens: [60, 350] },
};

/** A larger area makes more and reaches more people. */
const factors = {
  commune: { quantity: 1, people: 1 },
  district: { quantity: 2, people: 4 },
  province: { quantity: 2, people: 9 },
  central: { quantity: 1, people: 9 },
} as const;

const rounded = (people: number): number => (people < 60 ? Math.round(people) : Math.round(people / 10) * 10);

/** How much an agency makes on a channel, and whom that reaches: all audiences of the channel, or only one of them. */
export function measured(
  channel: ChannelKey,
  { level }: SeedAgency,
  only: Audience | undefined,
  chance: Chance,
): { quantity: number; reach: Reach } {
  const { quantity, step = 1, ...audiences } = scales[channel];
  const [least, most] = quantity;
  const factor = factors[level];
  const reach = (['officials', 'citizens', 'businesses'] as const).flatMap((audience) => {
    const range = audiences[audience];
    if (!range || (only && audience !== only)) return [];
    return [{ audience, people: rounded(chance.whole(...range) * factor.people) }];
  });
  // What happens once, like a conference, happens once at any level.
  return { quantity: chance.whole(least, most === least ? most : most * factor.quantity) * step, reach };
}
