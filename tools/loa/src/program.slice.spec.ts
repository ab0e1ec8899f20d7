import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fixture, withNobodyThere } from './program.fixtures.js';

const agency = '0d1e6a52-6f0e-4c35-9b1a-0f6c3c6f3a77';
let fixture: Fixture;
let folder: string;
const loa = (...args: string[]) => fixture.loa(...args);

/** Six agencies, sealed and shown; the other contexts have recorded nothing. */
beforeAll(async () => {
  fixture = await Fixture.make();
  await fixture.register('UBND tỉnh Bắc Kạn', agency);
  for (let n = 1; n < 6; n += 1) await fixture.register(`Sở ${n}`);
  await fixture.seal();
  await fixture.whileReading(async () => undefined);
  folder = await mkdtemp(join(tmpdir(), 'loa-cli-'));
});

afterAll(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

describe('loa status', () => {
  it('says where logs, seals and readers stand', async () => {
    const { code, json } = await loa('status', '--json');
    expect(code).toBe(0);
    const { logs, readers } = json();
    expect(logs[0]).toMatchObject({ context: 'planning', head: 6, sealed: 6, relay: null });
    expect(logs[1]).toMatchObject({ context: 'reporting', head: 0, sealed: 0, recordedAt: null });
    expect(readers).toContainEqual(
      expect.objectContaining({
        reader: 'gateway',
        source: 'planning',
        reached: 6,
        eventsBehind: 0,
        parked: 0,
      }),
    );
  });

  it('needs attention when a reader is far behind', async () => {
    await fixture.register('Sở chậm');
    await fixture.tamper(
      'planning',
      `UPDATE es.event SET recorded_at = now() - interval '5 minutes' WHERE position = 7`,
    );
    const { code, text } = await loa('status');
    await fixture.tamper(
      'planning',
      'DELETE FROM es.event WHERE position = 7',
      'UPDATE es.lane SET head = 6',
    );
    expect(code).toBe(1);
    expect(text).toMatch(/gateway is 30\d s behind planning/);
  });
});

describe('loa stream', () => {
  it('tells the life of a thing', async () => {
    const { code, text } = await loa('stream', agency);
    expect(code).toBe(0);
    expect(text).toContain('2022-01-04T01:00:00.000Z');
    expect(text).toContain('AgencyRegistered');
    const { json } = await loa('stream', agency, '--json');
    expect(json().streams[0].events[0]).toMatchObject({ version: 1, data: { name: 'UBND tỉnh Bắc Kạn' } });
  });

  it('says so when there is no such thing', async () => {
    expect(await loa('stream', randomUUID())).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/no event of any context/),
    });
    expect(await loa('stream', '211/KH-UBND')).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/is no id/),
    });
  });
});

describe('loa verify, root, prove, check', () => {
  const file = async (name: string, content: unknown): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, JSON.stringify(content));
    return path;
  };

  it('an untouched log is as sealed, also to a root that was kept elsewhere', async () => {
    const root = await file('root.json', (await loa('root', 'planning', '--json')).json());
    const { code, json } = await loa('verify', '--json', '--root', root);
    expect(code).toBe(0);
    expect(json().logs[0]).toMatchObject({ context: 'planning', events: 6, sealed: 6, exportedRoots: [6] });
    expect(json().logs[1]).toMatchObject({ context: 'reporting', exportedRoots: [] });
    expect((await loa('verify', '--root', root)).text).toMatch(/planning +6 +6 +\d+ +6 events +as sealed/);
    const other = await loa('verify', 'reporting', '--root', root);
    expect(other).toMatchObject({ code: 2, problem: expect.stringContaining('the root is one of planning') });
  });

  it('a proof holds without the database, and an altered one does not', async () => {
    const proof = (await loa('prove', 'planning', '4', '--json')).json();
    const good = await loa('check', await file('proof.json', proof));
    expect(good).toMatchObject({ code: 0, text: expect.stringMatching(/event 4 .* is among the 6 events/) });
    expect(good.text).toContain('that root is the one in the file');
    const root = await file('its-root.json', proof.root);
    expect((await loa('check', join(folder, 'proof.json'), '--root', root)).text).not.toContain(
      'in the file',
    );
    const foreign = await file('foreign.json', { ...proof.root, context: 'reporting' });
    const confused = await loa('check', join(folder, 'proof.json'), '--root', foreign);
    expect(confused).toMatchObject({ code: 2, problem: expect.stringContaining('one of reporting') });
    const altered = { ...proof, event: { ...proof.event, data: '{}' } };
    expect(await loa('check', await file('altered.json', altered))).toMatchObject({ code: 1 });
    const other = await file('other.json', { ...proof.root, root: 'a'.repeat(64) });
    expect(await loa('check', join(folder, 'proof.json'), '--root', other)).toMatchObject({ code: 1 });
  });

  it('checks a proof without any database: with nothing set, and with addresses where nothing answers', async () => {
    const proof = (await loa('prove', 'planning', '4', '--json')).json();
    const root = await file('kept.json', (await loa('root', 'planning', '--json')).json());
    const holding = await file('held.json', proof);
    const altered = await file('altered.json', { ...proof, event: { ...proof.event, data: '{}' } });
    const kept = fixture.environment;
    for (const environment of [{}, withNobodyThere(kept)]) {
      fixture.environment = environment;
      expect((await loa('check', holding, '--root', root, '--json')).json()).toMatchObject({ holds: true });
      expect(await loa('check', altered)).toMatchObject({ code: 1, problem: '' });
    }
    fixture.environment = kept;
  });

  it('names the altered event and ends with 1', async () => {
    await fixture.tamper('planning', `UPDATE es.event SET data = '{"name":"khác"}' WHERE position = 3`);
    const { code, text } = await loa('verify', 'planning');
    expect(code).toBe(1);
    expect(text).toContain('planning: event 3 (planning.AgencyRegistered) is not what was sealed');
    const { code: none, problem } = await loa('prove', 'planning', '3');
    expect(none).toBe(2);
    expect(problem).toContain('Run "loa verify planning"');
  });

  it('says what it cannot do', async () => {
    expect(await loa('parked', 'show', 'bad')).toMatchObject({
      code: 2,
      problem: expect.stringContaining('bad is no id'),
    });
    expect(await loa('verify', 'finance')).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/planning, reporting, monitoring/),
    });
    expect(await loa('root', 'reporting')).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/nothing of reporting is sealed/),
    });
    expect(await loa('prove', 'planning', 'one')).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/one is no whole number/),
    });
    expect(await loa('check', join(folder, 'none.json'))).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/cannot be read/),
    });
    expect(await loa('check', await file('no.json', {}))).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/holds no proof/),
    });
    expect(await loa('verify', '--root', await file('no.json', {}))).toMatchObject({ code: 2 });
  });
});

describe('loa', () => {
  it('migrates what is up to date to nothing', async () => {
    expect(await loa('migrate')).toMatchObject({
      code: 0,
      text: expect.stringMatching(/planning: up to date/),
    });
  });

  it('wants all addresses or none, and those of the owners for changes', async () => {
    const kept = fixture.environment;
    const without = (name: string) =>
      Object.fromEntries(Object.entries(kept).filter(([key]) => key !== name));
    fixture.environment = without('LOA_READ_DATABASE_URL');
    expect(await loa('status')).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/set LOA_READ_DATABASE_URL as well/),
    });
    fixture.environment = without('LOA_READ_OWNER_DATABASE_URL');
    expect(await loa('migrate')).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/LOA_READ_OWNER_DATABASE_URL/),
    });
    fixture.environment = { LOA_HOME: folder };
    expect(await loa('status')).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/nothing runs on .*npm start/),
    });
    fixture.environment = kept;
  });

  it('explains itself, and ends with 2 on what it does not know', async () => {
    expect(await loa('--help')).toMatchObject({ code: 0, text: expect.stringMatching(/Exit codes/) });
    expect(await loa('dance')).toMatchObject({ code: 2, problem: expect.stringMatching(/unknown command/) });
    const { code, json, problem } = await loa('parked', 'frob', '--json');
    expect([code, problem]).toEqual([2, expect.stringMatching(/^error: unknown command 'frob'/)]);
    expect(json()).toEqual({ error: expect.stringMatching(/^unknown command 'frob'/) });
  });
});
