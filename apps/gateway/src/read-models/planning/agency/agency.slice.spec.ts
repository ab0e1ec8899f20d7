import { AgencyRegistered } from '@loa/contracts-planning';
import { id } from '../../events.fixtures.js';
import { QueryGateway } from '../../gateway.fixtures.js';

const names = [
  'Ủy ban nhân dân tỉnh Bắc Kạn',
  'Uỷ ban Mặt trận Tổ quốc tỉnh',
  'Sở Nội vụ',
  'Số hóa dữ liệu',
  'Sổ tay điện tử',
  'Ban Tuyên giáo Tỉnh ủy',
  'Đài Phát thanh và Truyền hình',
  'Báo Bắc Kạn',
  'Áo dài Huế',
  'Ăn uống Ba Bể',
];

let gateway: QueryGateway;

beforeAll(async () => {
  gateway = await QueryGateway.start();
  names.forEach((name, index) => {
    const kind = name.startsWith('Ban') ? 'party' : name.startsWith('Đài') ? 'press' : 'state';
    const level = index === 0 ? 'province' : 'district';
    const agencyId = id(index + 1);
    const under = index === 0 ? {} : { parentId: id(1) };
    const recordedAt = new Date(Date.UTC(2022, 0, 1 + index)).toISOString();
    gateway.planning.add(agencyId, AgencyRegistered({ agencyId, name, kind, level, ...under }), {
      recordedAt,
    });
  });
  await gateway.deliver();
});
afterAll(() => gateway.close());

interface Agencies {
  agencies: {
    edges: { cursor: string; node: { name: string } }[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
    totalCount?: number;
  };
}
const list = `query($search: String, $kind: AgencyKind, $level: AgencyLevel, $parentId: ID, $first: Int, $after: String, $asOf: DateTime) {
  agencies(search: $search, kind: $kind, level: $level, parentId: $parentId, first: $first, after: $after, asOf: $asOf) {
    edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount } }`;

const found = async (variables: Record<string, unknown>) =>
  (await gateway.ask<Agencies>(list, variables)).agencies.edges.map(({ node }) => node.name);

it('an agency is answered with all that is known of it, and its parent', async () => {
  const query = `query($id: ID!) { agency(id: $id) {
    id name kind level gsoCode parentId parent { id name } registeredAt recordedAt version } }`;
  expect(await gateway.ask(query, { id: id(7).toUpperCase() })).toEqual({
    agency: {
      id: id(7),
      name: 'Đài Phát thanh và Truyền hình',
      kind: 'PRESS',
      level: 'DISTRICT',
      gsoCode: null,
      parentId: id(1),
      parent: { id: id(1), name: 'Ủy ban nhân dân tỉnh Bắc Kạn' },
      registeredAt: '2022-01-07T00:00:00.000Z',
      recordedAt: '2022-01-07T00:00:00.000Z',
      version: 1,
    },
  });
});

it('an agency that is not there is null', async () =>
  expect(await gateway.ask('query($id: ID!) { agency(id: $id) { name } }', { id: id(99) })).toEqual({
    agency: null,
  }));

it('the directory is in Vietnamese order: a < ă < b < đ, s < u', async () =>
  expect(await found({})).toEqual(
    [
      'Áo dài Huế',
      'Ăn uống Ba Bể',
      'Ban Tuyên giáo Tỉnh ủy',
      'Báo Bắc Kạn',
      'Đài Phát thanh và Truyền hình',
      'Sổ tay điện tử',
      'Số hóa dữ liệu',
      'Sở Nội vụ',
      'Uỷ ban Mặt trận Tổ quốc tỉnh',
      'Ủy ban nhân dân tỉnh Bắc Kạn',
    ].sort((a, b) => a.localeCompare(b, 'vi')),
  ));

it.each(['uy ban', 'Ủy ban', 'Uỷ ban', 'ỦY BAN', 'uỷ  BAN '.normalize('NFD')])(
  'a search for %j finds both spellings',
  async (search) =>
    expect((await found({ search })).filter((name) => name.includes('ban'))).toEqual([
      'Uỷ ban Mặt trận Tổ quốc tỉnh',
      'Ủy ban nhân dân tỉnh Bắc Kạn',
    ]),
);

it('names that are spelled as searched come before those that are only alike', async () => {
  expect((await found({ search: 'số' }))[0]).toBe('Số hóa dữ liệu');
  expect((await found({ search: 'sở' }))[0]).toBe('Sở Nội vụ');
  expect((await found({ search: 'SỔ' }))[0]).toBe('Sổ tay điện tử');
});

it('without signs no spelling is preferred: the order of the alphabet decides', async () =>
  expect(await found({ search: 'so' })).toEqual(await found({ search: 'so', first: 10 })));

it('every word must be there, in any order; the signs of LIKE are letters like others', async () => {
  expect(await found({ search: 'vụ nội' })).toEqual(['Sở Nội vụ']);
  expect(await found({ search: 'nội thất' })).toEqual([]);
  expect(await found({ search: '%' })).toEqual([]);
  expect(await found({ search: ' \u200b ' })).toHaveLength(10);
});

it('filters by kind, level and parent', async () => {
  expect(await found({ kind: 'PARTY' })).toEqual(['Ban Tuyên giáo Tỉnh ủy']);
  expect(await found({ level: 'PROVINCE' })).toEqual(['Ủy ban nhân dân tỉnh Bắc Kạn']);
  expect(await found({ parentId: id(1), kind: 'PRESS' })).toEqual(['Đài Phát thanh và Truyền hình']);
});

it.each([{}, { search: 'a' }])(
  'pages of %j lead through the whole list, each agency once',
  async (filter) => {
    const whole = await found({ ...filter, first: 100 });
    const paged: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 20; page += 1) {
      const { agencies }: Agencies = await gateway.ask<Agencies>(list, { ...filter, first: 3, after });
      paged.push(...agencies.edges.map(({ node }) => node.name));
      expect(agencies.pageInfo.hasPreviousPage).toBe(after !== null);
      expect(agencies.totalCount).toBe(whole.length);
      after = agencies.pageInfo.endCursor;
      if (!agencies.pageInfo.hasNextPage) break;
    }
    expect(paged).toEqual(whole);
  },
);

it('as of an instant the directory holds what was recorded by then', async () => {
  expect(await found({ asOf: '2022-01-01T00:00:00Z' })).toEqual(['Ủy ban nhân dân tỉnh Bắc Kạn']);
  expect(await found({ asOf: '2022-01-03T06:59:59+07:00', search: 'sở' })).toEqual([]);
  expect(await found({ asOf: '2022-01-03T07:00:00+07:00', search: 'sở' })).toEqual(['Sở Nội vụ']);
  expect(await found({ asOf: '2021-12-31T00:00:00Z' })).toEqual([]);
});

describe('refuses, in both languages,', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['an instant that is none', { asOf: 'hôm qua' }, 'asOf'],
    ['an instant without a zone', { asOf: '2022-04-18T08:00:00' }, 'asOf'],
    ['an instant of a day that does not exist', { asOf: '2022-02-30T00:00:00Z' }, 'asOf'],
    ['an id that is none', { parentId: 'so-noi-vu' }, 'parentId'],
    ['a page that is too long', { first: 101 }, 'first'],
    ['a page of nothing', { first: 0 }, 'first'],
    ['a cursor that is none', { after: 'abc' }, 'after'],
  ])('%s', async (_, variables, argument) => {
    const { data, errors } = await gateway.request(list, variables);
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      messages: { vi: expect.stringContaining(argument), en: expect.stringContaining(argument) },
    });
  });

  it('the cursor of another list', async () => {
    const { agencies } = await gateway.ask<Agencies>(list, { first: 1 });
    const { errors } = await gateway.request(list, { search: 'so', after: agencies.pageInfo.endCursor });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
