import { RegisterAgency } from '@loa/contracts-planning';
import type { z } from 'zod';
import { byKey, idOf } from './ids.js';
import { at, minute } from './local-time.js';
import { seedCommand, type SeedCommand } from './seed-command.js';
import { readProvince } from './units.file.js';

type Registration = z.input<typeof RegisterAgency.input>;

export interface SeedAgency {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly kind: Registration['kind'];
  readonly level: Registration['level'];
  readonly parentKey?: string;
  readonly gsoCode?: string;
  /** Where it works, as a sentence says it: xã Dương Quang. */
  readonly area: string;
}

const bodyKeys = [
  'ubnd-tinh',
  'so-noi-vu',
  'so-tttt',
  'van-phong-ubnd-tinh',
  'bao-bac-kan',
  'dai-ptth',
  'bao-chi-trung-uong',
  'ban-tuyen-giao',
  'ban-dan-van',
  'mttq-tinh',
] as const;
/** The bodies that the news page on the plan or the domain file name; other departments are unconfirmed. */
export type BodyKey = (typeof bodyKeys)[number];

type Body = Pick<SeedAgency, 'name' | 'kind' | 'parentKey' | 'gsoCode'> & Partial<Pick<SeedAgency, 'level'>>;

// Only the parents that the sources state: whom the press, the Party bodies and the Front answer to is not in them.
const bodies: Readonly<Record<BodyKey, Body>> = {
  'ubnd-tinh': { name: 'UBND tỉnh Bắc Kạn', kind: 'state', gsoCode: '06' },
  'so-noi-vu': { name: 'Sở Nội vụ', kind: 'state', parentKey: 'ubnd-tinh' },
  'so-tttt': { name: 'Sở Thông tin và Truyền thông', kind: 'state', parentKey: 'ubnd-tinh' },
  'van-phong-ubnd-tinh': { name: 'Văn phòng UBND tỉnh', kind: 'state', parentKey: 'ubnd-tinh' },
  'bao-bac-kan': { name: 'Báo Bắc Kạn', kind: 'press' },
  'dai-ptth': { name: 'Đài Phát thanh và Truyền hình Bắc Kạn', kind: 'press' },
  'bao-chi-trung-uong': {
    name: 'Cơ quan báo chí Trung ương thường trú tại tỉnh',
    kind: 'press',
    level: 'central',
  },
  'ban-tuyen-giao': { name: 'Ban Tuyên giáo Tỉnh ủy', kind: 'party' },
  'ban-dan-van': { name: 'Ban Dân vận Tỉnh ủy', kind: 'party' },
  'mttq-tinh': { name: 'Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Bắc Kạn', kind: 'front' },
};

const asAgency = (agency: Omit<SeedAgency, 'id'>): SeedAgency => ({
  id: idOf('agency', agency.key),
  ...agency,
});

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** `Xã Liêm Thuỷ` → `xa-liem-thuy`. */
const slug = (name: string): string =>
  name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').replaceAll(' ', '-');

function unit(
  level: 'district' | 'commune',
  { code, name }: { code: string; name: string },
  parentKey: string,
): SeedAgency {
  const area = lowerFirst(name);
  return asAgency({
    key: slug(name),
    name: `UBND ${area}`,
    kind: 'state',
    level,
    parentKey,
    gsoCode: code,
    area,
  });
}

const parentsBeforeChildren = (): readonly SeedAgency[] => {
  const { districts } = readProvince();
  return [
    ...bodyKeys.map((key) => asAgency({ key, level: 'province', area: 'tỉnh', ...bodies[key] })),
    ...districts.map((district) => unit('district', district, 'ubnd-tinh')),
    ...districts.flatMap(({ name, communes }) =>
      communes.map((commune) => unit('commune', commune, slug(name))),
    ),
  ];
};

export interface Directory {
  readonly byKey: Readonly<Record<BodyKey, SeedAgency>> & Readonly<Record<string, SeedAgency>>;
  /** The agency with this key; there is one, or the seed is wrong. */
  readonly named: (key: string) => SeedAgency;
  /** Parents stand before their children. */
  readonly all: readonly SeedAgency[];
  readonly districts: readonly SeedAgency[];
  readonly communes: readonly SeedAgency[];
}

export function directory(): Directory {
  const all = parentsBeforeChildren();
  const found = byKey<string, SeedAgency>(all) as Directory['byKey'];
  return {
    byKey: found,
    named(key) {
      const agency = found[key];
      if (!agency) throw new Error(`the demo world has no agency ${key}`);
      return agency;
    },
    all,
    districts: all.filter(({ level }) => level === 'district'),
    communes: all.filter(({ level }) => level === 'commune'),
  };
}

/** The directory is there before the plan: entered on the morning of 4 January 2022, one body a minute. */
export function registrations({ all }: Directory): readonly SeedCommand[] {
  return all.map(({ key, id, name, kind, level, parentKey, gsoCode }, index) => {
    const parent = parentKey ? { parentId: idOf('agency', parentKey) } : {};
    const code = gsoCode ? { gsoCode } : {};
    const entered = at('2022-01-04T08:00') + index * minute;
    const input = { agencyId: id, name, kind, level, ...parent, ...code };
    return seedCommand('directory', RegisterAgency, input, entered, `agency/${key}`);
  });
}
