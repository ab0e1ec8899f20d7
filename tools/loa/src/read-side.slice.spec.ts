import { eventually } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import { Fixture } from './program.fixtures.js';

const agency = '0d1e6a52-6f0e-4c35-9b1a-0f6c3c6f3a77';
let fixture: Fixture;
const loa = (...args: string[]) => fixture.loa(...args);

beforeAll(async () => {
  fixture = await Fixture.make();
  await fixture.register('UBND tỉnh Bắc Kạn', agency);
  for (let n = 1; n < 6; n += 1) await fixture.register(`Sở ${n}`);
  await fixture.whileReading(async () => undefined);
});
afterAll(() => fixture.close());

describe('loa rebuild, generations, rollback, discard', () => {
  it('puts rows made anew in the place of the live ones, and back', async () => {
    const rebuilt = await loa('rebuild', '--json');
    expect(rebuilt).toMatchObject({ code: 0, problem: '' });
    expect(rebuilt.json()).toMatchObject({
      generation: { number: 2, events: 6 },
      continued: false,
      comparison: { differences: 0 },
    });
    expect((await loa('generations')).text).toMatch(/1 +kept[\s\S]*2 +live/);
    expect(await loa('rollback')).toMatchObject({
      code: 0,
      text: expect.stringMatching(/generation 1 is live again/),
    });
    expect(await loa('discard', '2')).toMatchObject({ code: 0 });
    expect(await loa('discard', '1')).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/nothing to discard/),
    });
    expect(await loa('rollback', '7')).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/generation 7 is not kept/),
    });
  });
});

describe('a rebuild that was interrupted', () => {
  /** Until the hole is mended the log cannot be read: what was begun is left behind. */
  const interrupted = async () => {
    await fixture.tamper('planning', 'UPDATE es.event SET position = 600 WHERE position = 6');
    expect(await loa('rebuild')).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/no event at position 6/),
    });
    await fixture.tamper('planning', 'UPDATE es.event SET position = 6 WHERE position = 600');
  };

  it('is gone on with by the build of the same name', async () => {
    fixture.environment = { ...fixture.environment, LOA_RELEASE: '1.4.2' };
    await interrupted();
    expect((await loa('rebuild', '--json')).json()).toMatchObject({ continued: true });
  });

  it('is never gone on with by a build without a name, which says why', async () => {
    const { LOA_RELEASE: _release, ...nameless } = fixture.environment;
    fixture.environment = nameless;
    await interrupted();
    const { progress, json } = await loa('rebuild', '--json');
    expect(json()).toMatchObject({ continued: false, comparison: { differences: 0 } });
    expect(progress).toMatch(/starting over: this build has no name.*LOA_RELEASE/);
    // A container passes on that it has none.
    fixture.environment = { ...nameless, LOA_RELEASE: 'unreleased' };
    await interrupted();
    expect((await loa('rebuild', '--json')).json()).toMatchObject({ continued: false });
    fixture.environment = nameless;
  });
});

describe('loa drift', () => {
  it('finds nothing, then the row that was altered by hand, and nothing after a rebuild', async () => {
    expect(await loa('drift')).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^0 differences of \d+ rows at .*planning 6/),
    });
    await fixture.tamper('read', `UPDATE read.agency SET name = 'khác' WHERE id = '${agency}'`);
    const { code, text } = await loa('drift');
    expect(code).toBe(1);
    expect(text).toContain(`altered: agency {"id":"${agency}"} in name`);
    expect(await loa('rebuild')).toMatchObject({
      code: 1,
      text: expect.stringMatching(/1 differences to the/),
    });
    expect(await loa('drift')).toMatchObject({ code: 0 });
    const { checks } = (await loa('drift', '--list', '--json')).json();
    expect(checks.map(({ differences }: { differences: number }) => differences)).toEqual([0, 1, 0]);
  });
});

describe('--reader', () => {
  const own = ['--reader', 'monitoring-knowledge'];

  it('names whose rows are meant: what a context knows of another, too', async () => {
    expect(await loa('rebuild', ...own)).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^generation 2 is live: 12 rows of 6/),
    });
    const { readers } = (await loa('status', '--json')).json();
    expect(readers).toContainEqual(expect.objectContaining({ reader: 'monitoring-knowledge', reached: 6 }));
    await fixture.tamper('monitoring', `DELETE FROM known.agency WHERE agency_id = '${agency}'`);
    expect(await loa('drift', ...own)).toMatchObject({
      code: 1,
      text: expect.stringMatching(/missing: agency {"agency_id":"0d1e6a52/),
    });
    expect(await loa('rebuild', ...own)).toMatchObject({
      code: 1,
      text: expect.stringMatching(/1 differences/),
    });
    expect((await loa('drift', '--list', ...own, '--json')).json().checks).toHaveLength(1);
    expect(await loa('rollback', '1', ...own)).toMatchObject({
      code: 0,
      text: expect.stringMatching(/generation 1 is live again/),
    });
    expect(await loa('drift', ...own)).toMatchObject({
      code: 0,
      text: '0 differences of 12 rows at planning 6',
    });
    expect(await loa('discard', '3', ...own)).toMatchObject({ code: 0 });
    expect((await loa('generations', ...own)).text).toMatch(
      /monitoring-knowledge[^]*1 +live[^]*2 +kept[^]*3 +disc/,
    );
    // The others are not touched.
    expect(
      (await loa('generations', '--reader', 'reporting-knowledge', '--json')).json().generations,
    ).toEqual([]);
  });

  it('says which there are', async () =>
    expect(await loa('drift', '--reader', 'planning')).toMatchObject({
      code: 2,
      problem: 'there is no reader planning; there are gateway, reporting-knowledge, monitoring-knowledge',
    }));
});

describe('loa parked', () => {
  /** The read table refuses a name, until the constraint is taken away again. */
  const refuse = (name: string) =>
    fixture.tamper(
      'read',
      `ALTER TABLE read.agency ADD CONSTRAINT picky CHECK (name <> '${name}') NOT VALID`,
    );
  const mend = () => fixture.tamper('read', 'ALTER TABLE read.agency DROP CONSTRAINT picky');

  it('tells what could not be applied, applies it after the fix, and leaves out what cannot be', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    expect(await loa('parked')).toMatchObject({ code: 0, text: 'nothing is parked' });
    await fixture.whileReading(async () => {
      await refuse('Sở lạ');
      await fixture.register('Sở lạ', first);
      await fixture.register('Sở lạ', second);
      await eventually(async () => expect((await loa('parked', '--json')).json().parked).toHaveLength(2));
      const { code, text } = await loa('parked', 'list');
      expect(code).toBe(1);
      expect(text).toContain('picky');
      expect((await loa('status')).code).toBe(1);
      expect((await loa('parked', 'show', first)).text).toContain('Sở lạ');
      expect(await loa('parked', 'retry', first, '--by', 'kỹ sư trực')).toMatchObject({ code: 1 });
      const drop = ['parked', 'drop', 'planning', '8', '--reason', 'nhập nhầm', '--by', 'kỹ sư trực'];
      expect(await loa(...drop)).toMatchObject({
        code: 0,
        text: expect.stringMatching(/nothing of the stream is parked any more/),
      });
      await mend();
      expect(await loa('parked', 'retry', first, '--by', 'kỹ sư trực')).toMatchObject({ code: 0 });
      expect(await loa('parked')).toMatchObject({ code: 0 });
    });
    // What was left out stays out, also of rows that are made anew.
    expect(await loa('drift')).toMatchObject({ code: 0 });
  });

  it('retries all streams at once, and says how many fail still', async () => {
    const retryAll = (...more: string[]) => loa('parked', 'retry-all', '--by', 'kỹ sư trực', ...more);
    expect(await retryAll()).toMatchObject({ code: 0, text: 'nothing is parked' });
    await fixture.whileReading(async () => {
      await refuse('Sở lạ');
      for (let count = 1; count <= 3; count += 1) {
        await fixture.register('Sở lạ', randomUUID());
        await eventually(async () =>
          expect((await loa('parked', '--json')).json().parked).toHaveLength(count),
        );
      }
      expect(await retryAll('--reader', 'gateway')).toMatchObject({
        code: 1,
        text: expect.stringMatching(
          /gateway: 0 applied, 3 parked.*\n.*3 × an event of the stream fails still/,
        ),
      });
      await mend();
      const { code, json } = await retryAll('--json');
      expect(code).toBe(0);
      expect(json()).toEqual({
        done: [
          {
            reader: 'gateway',
            streams: { done: 3, failing: 0, gone: 0, pending: 0 },
            applied: 3,
            remaining: 0,
          },
        ],
      });
    });
    expect(await loa('drift')).toMatchObject({ code: 0 });
  });

  it('says what it cannot do', async () => {
    const id = randomUUID();
    expect(await loa('parked', 'show', id)).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/no such event is parked/),
    });
    expect(await loa('parked', 'retry', id)).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/--by/),
    });
    expect(await loa('parked', 'drop', 'planning', '3', '--by', 'x')).toMatchObject({ code: 2 });
  });

  it('goes through more than fit on a page, and finds any of them', async () => {
    await fixture.tamper(
      'read',
      `INSERT INTO read.parked (reader, source, position, partition, stream_id, version, event_id, type, schema_version,
                                data, meta, recorded_at, why, attempts, parked_at)
       SELECT 'gateway', 'planning', n, 0, gen_random_uuid(), 1, gen_random_uuid(), 'planning.AgencyRegistered', 1,
              '{}', '{}', now(), 'failed', 3, now() FROM generate_series(1001, 2010) n`,
    );
    const first = await loa('parked', '--json');
    expect(first.json()).toMatchObject({ more: [{ reader: 'gateway', count: 10, after: 'planning:2000' }] });
    expect(first.json().parked).toHaveLength(1_000);
    const { text } = await loa('parked', 'list', '--first', '2');
    expect(text).toContain('1008 more of gateway: "loa parked list --reader gateway --after planning:1002"');
    const rest = (
      await loa('parked', 'list', '--reader', 'gateway', '--after', 'planning:2000', '--json')
    ).json();
    expect(rest.parked.map(({ position }: { position: number }) => position)).toEqual(
      Array.from({ length: 10 }, (_, n) => 2_001 + n),
    );
    expect(rest.more).toEqual([]);
    // Nobody reads, so nobody does it yet: but it was found.
    const drop = ['parked', 'drop', 'planning', '2010', '--reason', 'nhập nhầm', '--by', 'kỹ sư trực'];
    expect((await loa(...drop, '--json')).json()).toMatchObject({
      done: [{ reader: 'gateway', state: 'pending' }],
    });
    expect((await loa('parked', 'list', '--after', '812')).problem).toContain('looks like planning:812');
    await fixture.tamper('read', 'DELETE FROM read.parked_request', 'DELETE FROM read.parked');
  });

  it('shows a stream in pages too, of every reader that holds it, and how to go on', async () => {
    const crowd = (schema: string, reader: string) =>
      `INSERT INTO ${schema}.parked (reader, source, position, partition, stream_id, version, event_id, type,
                                     schema_version, data, meta, recorded_at, why, attempts, parked_at)
       SELECT '${reader}', 'planning', 1000 + n, 0, '${agency}', n, gen_random_uuid(), 'planning.AgencyRegistered', 1,
              '{"n": ' || n || '}', '{}', now(), 'behind', 0, now() FROM generate_series(1, 105) n`;
    await fixture.tamper('read', crowd('read', 'gateway'));
    await fixture.tamper('reporting', crowd('known', 'reporting-knowledge'));
    const show = (...more: string[]) => loa('parked', 'show', agency, ...more);
    const both = (await show('--json')).json();
    const after = 'planning:1100';
    expect(both).toMatchObject({
      parked: [{ reader: 'gateway' }, { reader: 'reporting-knowledge' }],
      more: [
        { reader: 'gateway', count: 5, after },
        { reader: 'reporting-knowledge', count: 5, after },
      ],
    });
    expect(both.parked.map(({ events }: { events: unknown[] }) => events.length)).toEqual([100, 100]);
    const { text } = await show('--reader', 'gateway', '--first', '2');
    expect(text.match(/"n": \d+/g)).toEqual(['"n": 1', '"n": 2']);
    const command = `parked show ${agency} --reader gateway --after planning:1002`;
    expect(text.endsWith(`\n\n103 more of gateway: "loa ${command}"`)).toBe(true);
    expect((await loa(...command.split(' '))).text.match(/"n": \d+/g)?.slice(0, 2)).toEqual([
      '"n": 3',
      '"n": 4',
    ]);
    const rest = (await show('--reader', 'gateway', '--after', after, '--json')).json();
    expect([rest.parked[0].events.length, rest.more]).toEqual([5, []]);
    expect((await show('--after', '812')).problem).toContain('looks like planning:812');
    await fixture.tamper('read', 'DELETE FROM read.parked');
    await fixture.tamper('reporting', 'DELETE FROM known.parked');
  });
});
