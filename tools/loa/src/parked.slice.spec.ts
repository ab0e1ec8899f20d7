import { eventually } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import { agency, Fixture } from './program.fixtures.js';

let fixture: Fixture;
const loa = (...args: string[]) => fixture.loa(...args);

beforeAll(async () => {
  fixture = await Fixture.withAgencies();
});
afterAll(() => fixture.close());

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
    expect((await loa('parked', 'drop', 'planing', '3', '--by', 'x', '--reason', 'y')).problem).toBe(
      'there is no context planing; there are planning, reporting, monitoring',
    );
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
    expect((await show('--after', 'planning:1105')).problem).toBe(
      'no such event is parked after planning:1105: see "loa parked"',
    );
    await fixture.tamper('read', 'DELETE FROM read.parked');
    await fixture.tamper('reporting', 'DELETE FROM known.parked');
  });

  it('drops an event of one reader only, and asks of which when several have parked it', async () => {
    const one = (schema: string, reader: string) =>
      `INSERT INTO ${schema}.parked (reader, source, position, partition, stream_id, version, event_id, type,
                                     schema_version, data, meta, recorded_at, why, attempts, parked_at)
       VALUES ('${reader}', 'planning', 3000, 0, '${agency}', 1, gen_random_uuid(), 'planning.AgencyRegistered', 1,
               '{}', '{}', now(), 'failed', 3, now())`;
    await fixture.tamper('read', one('read', 'gateway'));
    await fixture.tamper('reporting', one('known', 'reporting-knowledge'));
    const drop = ['parked', 'drop', 'planning', '3000', '--reason', 'nhập nhầm', '--by', 'kỹ sư trực'];
    expect(await loa(...drop)).toMatchObject({
      code: 2,
      problem: expect.stringMatching(/^gateway, reporting-knowledge have parked it.*--reader/),
    });
    const of = async (reader: string) =>
      (await loa(...drop, '--reader', reader, '--json'))
        .json()
        .done.map((done: { reader: string }) => done.reader);
    expect([await of('gateway'), await of('reporting-knowledge')]).toEqual([
      ['gateway'],
      ['reporting-knowledge'],
    ]);
    expect((await loa(...drop, '--reader', 'monitoring-knowledge')).problem).toMatch(
      /no such event is parked/,
    );
    const retry = await loa('parked', 'retry', agency, '--reader', 'gateway', '--by', 'An', '--json');
    expect(retry.json().done).toMatchObject([{ reader: 'gateway' }]);
    await fixture.tamper('read', 'DELETE FROM read.parked_request', 'DELETE FROM read.parked');
    await fixture.tamper('reporting', 'DELETE FROM known.parked_request', 'DELETE FROM known.parked');
  });
});
