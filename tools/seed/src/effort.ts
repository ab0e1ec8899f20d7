import type { BodyKey, SeedAgency } from './agencies.js';
import { chanceOf } from './chance.js';
import type { ChannelKey, ContentKey } from './plan.js';

type Weights = Readonly<Partial<Record<ChannelKey, number>>>;

/** How many activities a body of the province records in the year. Those not here record none: nobody owes them. */
const ofBodies: Readonly<Partial<Record<string, number>>> = {
  'so-noi-vu': 24,
  'so-tttt': 18,
  'van-phong-ubnd-tinh': 13,
  'bao-bac-kan': 38,
  'dai-ptth': 34,
  'bao-chi-trung-uong': 7,
  'ban-tuyen-giao': 3,
  'mttq-tinh': 9,
} satisfies Partial<Record<BodyKey, number>>;

/** Districts are as uneven as in life: the town with its staff, the far ones with few hands. */
const ofDistricts: Readonly<Partial<Record<string, { own: number; zeal: number }>>> = {
  '058': { own: 34, zeal: 1.3 },
  '060': { own: 9, zeal: 0.6 },
  '061': { own: 26, zeal: 1.15 },
  '062': { own: 12, zeal: 0.75 },
  '063': { own: 22, zeal: 1.1 },
  '064': { own: 24, zeal: 1 },
  '065': { own: 16, zeal: 0.9 },
  '066': { own: 11, zeal: 0.8 },
};

/** One commune in nine never reports; of the others most report now and then, a few all year. */
function ofCommune({ key }: SeedAgency, zeal: number): number {
  const chance = chanceOf(`effort/${key}`);
  const draw = chance.next();
  if (draw < 0.11 / zeal) return 0;
  if (draw < 0.5) return Math.max(1, Math.round(chance.whole(1, 2) * zeal));
  if (draw < 0.85) return Math.round(chance.whole(3, 4) * zeal);
  return Math.round(chance.whole(6, 9) * zeal);
}

export function activitiesOf(agency: SeedAgency, parent: SeedAgency | undefined): number {
  if (agency.level === 'district') return ofDistricts[agency.gsoCode ?? '']?.own ?? 0;
  if (agency.level === 'commune') return ofCommune(agency, ofDistricts[parent?.gsoCode ?? '']?.zeal ?? 1);
  return ofBodies[agency.key] ?? 0;
}

const districtHabits: Weights = {
  'truyen-thanh-co-so': 5,
  'hoi-nghi': 4,
  'trang-thong-tin': 4,
  'pano-bang-ron': 2,
  'bang-dien-tu': 2,
  'xe-loa': 2,
  'mang-xa-hoi': 2,
  'toa-dam': 1,
  'to-roi': 1,
  'niem-yet': 1,
  'cuoc-thi': 0.3,
};

const communeHabits: Weights = {
  'truyen-thanh-co-so': 6,
  'hoi-nghi': 3,
  'niem-yet': 2,
  'mang-xa-hoi': 2,
  'trang-thong-tin': 2,
  'pano-bang-ron': 1.5,
  'to-roi': 1,
  'xe-loa': 0.5,
};

const bodyHabits: Readonly<Partial<Record<string, Weights>>> = {
  'so-noi-vu': {
    'hoi-nghi': 5,
    'trang-thong-tin': 5,
    'bao-in-dien-tu': 4,
    'toa-dam': 1,
    'to-roi': 1,
    'cuoc-thi': 1.5,
  },
  'so-tttt': {
    'truyen-thanh-co-so': 2,
    'trang-thong-tin': 4,
    'mang-xa-hoi': 4,
    'hoi-nghi': 3,
    'bang-dien-tu': 1,
  },
  'van-phong-ubnd-tinh': { 'trang-thong-tin': 5, 'hoi-nghi': 2, 'niem-yet': 3 },
  'bao-bac-kan': { 'bao-in-dien-tu': 9, 'mang-xa-hoi': 1 },
  'dai-ptth': { 'phat-thanh-truyen-hinh': 9, 'mang-xa-hoi': 1 },
  'bao-chi-trung-uong': { 'bao-in-dien-tu': 3, 'phat-thanh-truyen-hinh': 1 },
  'ban-tuyen-giao': { 'hoi-nghi': 1 },
  'mttq-tinh': { 'hoi-nghi': 3, 'toa-dam': 2, 'mang-xa-hoi': 1 },
} satisfies Partial<Record<BodyKey, Weights>>;

export function channelsOf({ key, level }: SeedAgency): Weights {
  if (level === 'district') return districtHabits;
  if (level === 'commune') return communeHabits;
  return bodyHabits[key] ?? {};
}

/** Some forms fit few contents only. */
export const contentsOfChannel: Readonly<Partial<Record<ChannelKey, readonly ContentKey[]>>> = {
  'niem-yet': ['thu-tuc-hanh-chinh'],
  'cuoc-thi': ['thu-tuc-hanh-chinh', 'dich-vu-cong-truc-tuyen'],
  'toa-dam': ['thu-tuc-hanh-chinh', 'dich-vu-cong-truc-tuyen', 'chinh-quyen-so'],
};
