import { readSchema } from '@loa/gateway';
import { freshDatabase } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import { Fixture, withNobodyThere } from './program.fixtures.js';

let fixture: Fixture;
let kept: Record<string, string>;

beforeAll(async () => {
  fixture = await Fixture.make();
  kept = fixture.environment;
});
afterEach(() => (fixture.environment = kept));
afterAll(() => fixture.close());

const id = randomUUID();
/** Every command that asks databases. */
const commands: readonly (readonly string[])[] = [
  ['status'],
  ['stream', id],
  ['migrate'],
  ['restored', 'planning', '--last', '1'],
  ['verify'],
  ['root', 'planning'],
  ['prove', 'planning', '1'],
  ['rebuild'],
  ['drift'],
  ['drift', '--list'],
  ['generations'],
  ['rollback'],
  ['discard', '2'],
  ['parked', 'list'],
  ['parked', 'show', id],
  ['parked', 'retry', id, '--by', 'kỹ sư trực'],
  ['parked', 'retry-all', '--by', 'kỹ sư trực'],
  ['parked', 'drop', 'planning', '1', '--reason', 'nhập nhầm', '--by', 'kỹ sư trực'],
];
const named = commands.map((args) => [args.join(' '), args] as const);

/** The same words for people and for programs. */
const failing = async (args: readonly string[]): Promise<string> => {
  const { code, json, problem } = await fixture.loa(...args, '--json');
  // Where it stands by itself it needs no word that says so.
  expect({ code, json: json() }).toEqual({ code: 2, json: { error: problem.replace(/^error: /, '') } });
  return problem;
};

describe('with databases that are away', () => {
  it.each(named)('loa %s says which and where, without the password', async (_, args) => {
    fixture.environment = withNobodyThere(kept);
    const problem = await failing(args);
    const planning = new URL(fixture.environment['LOA_PLANNING_DATABASE_URL']!);
    expect(problem).toContain(
      `the database planning cannot be reached at postgres://${planning.username}@${planning.host}${planning.pathname}: `,
    );
    expect(problem).toContain('LOA_PLANNING_DATABASE_URL');
    expect(problem).not.toContain(planning.password);
  });
});

describe('with databases that were never migrated', () => {
  let bare: Record<string, string>;
  beforeAll(async () => {
    const { owner, runtime } = await freshDatabase('cli_bare', { migrations: [] });
    bare = Object.fromEntries(
      Object.keys(kept).map((name) => [name, name.includes('_OWNER_') ? owner : runtime]),
    );
  });

  it.each(named.filter(([name]) => name !== 'migrate'))('loa %s sends to "loa migrate"', async (_, args) => {
    fixture.environment = bare;
    expect(await failing(args)).toMatch(/^the database planning lacks \d+ migrations .*run "loa migrate"/);
  });
});

it('with a database of the release before, loa status sends to "loa migrate", and is answered after it', async () => {
  const { name } = readSchema.migrations.at(-1)!;
  const before = `DELETE FROM migration WHERE name = '${name}'`;
  const column = 'ALTER TABLE operations.drift_check DROP COLUMN left_out';
  await fixture.tamper('read', 'DROP TABLE read.unknown_type', column, before);
  expect(await failing(['status'])).toMatch(/^the database read lacks 1 migrations .*run "loa migrate"/);
  expect(await fixture.loa('migrate')).toMatchObject({ code: 0, text: expect.stringContaining(name) });
  expect(await fixture.loa('status')).toMatchObject({ problem: '' });
});

describe('--json', () => {
  it.each([
    [['dance'], 'unknown command'],
    [['parked', 'retry', id], '--by'],
    [['prove', 'planning', 'one'], 'no whole number'],
    [['check', 'none.json'], 'cannot be read'],
    [['generations', '--reader', 'moon'], 'there is no reader moon'],
  ])('prints what was wrong with %j, too', async (args, words) =>
    expect(await failing(args)).toContain(words),
  );

  it('prints the result of what changes something', async () => {
    expect((await fixture.loa('migrate', '--json')).json().databases[0]).toEqual({
      database: 'planning',
      migrations: [],
    });
    await fixture.register('Sở Nội vụ');
    await fixture.whileReading(async () => undefined);
    await fixture.loa('rebuild');
    expect((await fixture.loa('rollback', '--json')).json()).toMatchObject({ generation: { number: 1 } });
    expect((await fixture.loa('discard', '2', '--json')).json()).toEqual({ discarded: 2 });
  });
});

it('keeps the trace of what nobody foresaw', async () => {
  await fixture.tamper('read', 'ALTER TABLE read.parked RENAME TO lost');
  const { code, problem, json } = await fixture.loa('parked', '--json');
  await fixture.tamper('read', 'ALTER TABLE read.lost RENAME TO parked');
  expect({ code, json: json() }).toEqual({
    code: 2,
    json: { error: 'relation "read.parked" does not exist' },
  });
  expect(problem).toContain('    at ');
});
