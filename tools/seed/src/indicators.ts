import { DefineIndicator, ReviseTarget } from '@loa/contracts-monitoring';
import type { z } from 'zod';
import type { Directory } from './agencies.js';
import { byKey, idOf } from './ids.js';
import { at, minute } from './local-time.js';
import { channels, planId, type ChannelKey } from './plan.js';
import { seedCommand, type SeedCommand } from './seed-command.js';

type Definition = z.input<typeof DefineIndicator.input>;

interface Row extends Pick<Definition, 'name' | 'unit' | 'measure' | 'audiences' | 'target'> {
  readonly channels: readonly ChannelKey[];
  readonly agencies: 'all' | 'communes';
}

/** Targets are illustrative: the plan's own are not public. */
const rows = {
  'truyen-thanh-co-so': {
    name: 'Số hoạt động truyền thanh cơ sở đã xác minh (minh họa)',
    unit: 'hoạt động',
    measure: 'activities',
    channels: ['truyen-thanh-co-so'],
    agencies: 'all',
    target: 150,
  },
  'nguoi-dan-tiep-can': {
    name: 'Lượt người dân được tuyên truyền (minh họa)',
    unit: 'lượt người',
    measure: 'reach',
    channels: [],
    agencies: 'all',
    audiences: ['citizens'],
    target: 1_000_000,
  },
  'tin-bai-cap-xa': {
    name: 'Số tin, bài của UBND các xã, phường, thị trấn (minh họa)',
    unit: 'tin, bài',
    measure: 'quantity',
    channels: ['trang-thong-tin', 'bao-in-dien-tu'],
    agencies: 'communes',
    target: 108,
  },
  'hoi-nghi-can-bo': {
    name: 'Lượt cán bộ, công chức, viên chức dự hội nghị, tập huấn (minh họa)',
    unit: 'lượt người',
    measure: 'reach',
    channels: ['hoi-nghi'],
    agencies: 'all',
    audiences: ['officials'],
    target: 8_000,
  },
} satisfies Readonly<Record<string, Row>>;

export type IndicatorKey = keyof typeof rows;

export interface SeedIndicator {
  readonly key: IndicatorKey;
  readonly id: string;
  readonly name: string;
  /** The target in force at the end of the year. */
  readonly target: number;
}

const indicatorKeys = Object.keys(rows) as readonly IndicatorKey[];

const revision = {
  key: 'nguoi-dan-tiep-can',
  target: 1_200_000,
  reason:
    'Sơ kết 6 tháng đầu năm: truyền thanh cơ sở và truyền hình đạt cao hơn dự kiến. Điều chỉnh chỉ tiêu cả năm (minh họa).',
} as const satisfies { key: IndicatorKey; target: number; reason: string };

export const indicators = byKey<IndicatorKey, SeedIndicator>(
  indicatorKeys.map((key) => {
    const target = key === revision.key ? revision.target : rows[key].target;
    return { key, id: idOf('indicator', key), name: rows[key].name, target };
  }),
);

/** Sở Nội vụ says in April 2022 what it measures, and mends one target after the first half of the year. */
export function measuring({ byKey: agency, communes }: Directory): readonly SeedCommand[] {
  const agencyId = agency['so-noi-vu'].id;
  const defined = indicatorKeys.map((key, index) => {
    const { channels: chosen, agencies, ...row }: Row = rows[key];
    const input = {
      indicatorId: indicators[key].id,
      planId,
      agencyId,
      ...row,
      channelIds: chosen.map((channel) => channels[channel].id),
      agencyIds: agencies === 'communes' ? communes.map(({ id }) => id) : [],
    };
    return seedCommand(
      'indicators',
      DefineIndicator,
      input,
      at('2022-04-08T09:00') + index * 10 * minute,
      `indicator/${key}`,
    );
  });
  const { key, target, reason } = revision;
  const revised = { indicatorId: indicators[key].id, agencyId, target, reason };
  return [
    ...defined,
    seedCommand('indicators', ReviseTarget, revised, at('2022-07-14T15:00'), `indicator/${key}/revision`),
  ];
}
