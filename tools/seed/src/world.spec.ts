import { createHash } from 'node:crypto';
import { normalizeText } from '@loa/event-sourcing';
import { channelKeys, contentKeys } from './plan.js';
import { phases, type SeedCommand } from './seed-command.js';
import { bacKanWorld } from './world.js';

const world = bacKanWorld();
const { commands } = world;
const asText = (list: readonly SeedCommand[]): string =>
  JSON.stringify(
    list.map(({ contract, ...rest }) => ({ command: `${contract.context}.${contract.name}`, ...rest })),
  );
const asked = (name: string): readonly SeedCommand[] =>
  commands.filter(({ contract }) => contract.name === name);
const inputs = (name: string) => asked(name).map(({ contract, input }) => contract.input.parse(input));

describe('the commands of the demo world', () => {
  it('keep their contracts', () => {
    for (const { contract, input } of commands) {
      const { error } = contract.input.safeParse(input);
      if (error) throw new Error(`${contract.name}: ${error.message}`);
    }
  });

  it('are the same on every call', () => {
    expect(asText(bacKanWorld().commands)).toBe(asText(commands));
  });

  it('are the ones that were committed: who changes them also changes this, and says so', () => {
    const checksum = createHash('sha256').update(asText(commands)).digest('hex');
    expect(checksum).toBe('0a90d2a8c1e7b06f25ba26556af0f9209aca45c0110625df3652dbbb387c9c17');
  });

  it('have a key each, short enough for the door', () => {
    const keys = commands.map(({ idempotencyKey }) => idempotencyKey);
    expect(new Set(keys).size).toBe(commands.length);
    expect(Math.max(...keys.map(({ length }) => length))).toBeLessThanOrEqual(200);
  });

  it('come phase by phase', () => {
    const order = commands.map(({ phase }) => phases.indexOf(phase));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('make each thing once, under an id of its own', () => {
    const { agencies, contents, channels, assignments, activities, indicators, plan } = world;
    const things = [agencies, contents, channels, assignments, activities, indicators].flatMap((kind) =>
      Object.values(kind),
    );
    const ids = [
      plan.id,
      ...things.map(({ id }) => id),
      ...inputs('AttachEvidence').map(({ evidenceId }) => evidenceId),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    const creating = commands.filter(({ contract }) => contract.creates);
    expect(creating.length).toBe(
      1 + Object.keys(agencies).length + Object.keys(activities).length + Object.keys(indicators).length,
    );
  });

  it('happen in 2022; only verification goes on into January', () => {
    for (const { occurredAt, contract } of commands) {
      const end =
        contract.name === 'VerifyActivity' ? '2023-01-31T17:00:00.000Z' : '2022-12-31T17:00:00.000Z';
      expect(occurredAt >= '2021-12-31T17:00:00.000Z' && occurredAt < end).toBe(true);
    }
  });

  it('are made fast enough to be made anywhere', () => {
    // The processor's time, best of five: the clock on the wall also counts what else the machine does.
    const times = Array.from({ length: 5 }, () => {
      const started = process.cpuUsage();
      bacKanWorld();
      return process.cpuUsage(started).user / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(200);
  });
});

describe('the words of the demo world', () => {
  const text = asText(commands);
  const found = (words: RegExp): string | undefined => text.match(words)?.[0];

  it('are NFC and have no stray spaces', () => {
    for (const { input } of commands) expect(normalizeText(input)).toEqual(input);
    expect(found(/\u00a0| {2}|undefined|\$\{/)).toBeUndefined();
  });

  it.each([
    ['code H03', /H03/],
    ['IOC', /\bIOC\b/],
    ['the share of inspections', /30 ?%/],
    ['points and ranks of the indices', /(PAR INDEX|SIPAS|PAPI)[^",]*\d/],
    ['bands', /(Khá|Trung bình|Yếu)/],
    ['the number of departments', /\d+ (sở|ban, ngành)/],
    ['documents whose text was not read', /(02\/2021|09\/2019|26\/2019|42\/2022|45\/2020)/],
    ['retention years', /lưu trữ/],
    ['people in office', /(Nguyễn Đăng Bình|ký thay|Chủ tịch)/],
  ])('do not state what is not confirmed: %s', (_, unconfirmed) => {
    expect(found(unconfirmed)).toBeUndefined();
  });

  it('name one person, the author of the news page, and nobody else', () => {
    expect(text.split('Lý Thuấn')).toHaveLength(2);
    expect(found(/(?<!\p{L})(ông|bà|đồng chí) \p{Lu}/u)).toBeUndefined();
  });

  it('say of what is made up that it is', () => {
    expect(inputs('AddContent').every(({ illustrative }) => illustrative === true)).toBe(true);
    for (const { title, link } of inputs('AttachEvidence')) {
      expect(title).toMatch(/\(minh họa\)$/);
      expect(link).toMatch(/^https:\/\/example\.org\/minh-hoa\//);
    }
    for (const { target } of inputs('AssignContent'))
      if (target) expect(JSON.stringify(target)).toContain('(minh họa)');
    for (const { name } of inputs('DefineIndicator')) expect(name).toContain('(minh họa)');
    expect(world.plan.provenance.note).toContain('minh họa');
  });
});

describe('the directory and the plan', () => {
  it('has the units of Bắc Kạn by their real codes', () => {
    const units = Object.values(world.agencies).filter(({ gsoCode }) => gsoCode);
    const codes = (length: number) =>
      units.map(({ gsoCode = '' }) => gsoCode).filter((code) => code.length === length);
    expect([codes(2).length, codes(3).length, codes(5).length]).toEqual([1, 8, 108]);
    expect(codes(3).sort()).toEqual(['058', '060', '061', '062', '063', '064', '065', '066']);
    expect(new Set(units.map(({ gsoCode }) => gsoCode)).size).toBe(117);
    expect(world.agencies['xa-duong-quang']).toMatchObject({
      name: 'UBND xã Dương Quang',
      parentKey: 'thanh-pho-bac-kan',
    });
  });

  it('registers parents before their children', () => {
    const known = new Set<unknown>();
    for (const { agencyId, parentId } of inputs('RegisterAgency')) {
      if (parentId !== undefined) expect(known).toContain(parentId);
      known.add(agencyId);
    }
  });

  it('has 11 contents, each assigned, and every kind of deadline', () => {
    expect(contentKeys).toHaveLength(11);
    expect(channelKeys).toHaveLength(13);
    const rows = Object.values(world.assignments);
    expect(new Set(rows.map(({ contentKey }) => contentKey))).toEqual(new Set(contentKeys));
    const kinds = asked('AssignContent').map(
      ({ input }) => JSON.stringify(input).match(/"kind":"([a-z-]+)"/)?.[1],
    );
    expect([...new Set(kinds)].sort((a = '', b = '') => (a < b ? -1 : 1))).toEqual([
      'after-event',
      'by-date',
      'continuous',
      'none',
      'recurring',
      'separate-plan',
      'year',
    ]);
  });

  it('assigns the classes that plans name, and only requests the bodies that cannot be ordered', () => {
    const { assignments } = world;
    expect(assignments['thu-tuc-cap-xa'].leads).toHaveLength(108);
    expect(assignments['ky-luat-ky-cuong'].leads).toHaveLength(8);
    expect(assignments['chinh-quyen-so'].leads).toHaveLength(2);
    for (const { mode, leads } of Object.values(assignments)) {
      const free = leads.some(
        ({ kind, level }) => kind === 'party' || kind === 'front' || level === 'central',
      );
      expect(mode).toBe(free ? 'requested' : 'assigned');
    }
  });

  it('is acknowledged by most of those it names, never by others', () => {
    const rows = Object.values(world.assignments);
    const named = rows.flatMap(({ id, leads, coordinators }) =>
      [...leads, ...coordinators].map((to) => `${id} ${to.id}`),
    );
    const receipts = inputs('AcknowledgeAssignment').map(
      ({ assignmentId, agencyId }) => `${String(assignmentId)} ${String(agencyId)}`,
    );
    expect(named).toEqual(expect.arrayContaining(receipts));
    expect(receipts.length / named.length).toBeGreaterThan(0.6);
    expect(receipts.length / named.length).toBeLessThan(0.9);
  });
});
