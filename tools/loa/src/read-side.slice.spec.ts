import { agency, Fixture } from './program.fixtures.js';

let fixture: Fixture;
const loa = (...args: string[]) => fixture.loa(...args);

beforeAll(async () => {
  fixture = await Fixture.withAgencies();
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
    const passOver = `INSERT INTO read.unknown_type
      (reader, source, partition, type, first_position, last_position, events)
      VALUES ('gateway', 'planning', 0, 'planning.AgencyPainted', 1, 1, 2)`;
    await fixture.tamper('read', passOver);
    expect((await loa('drift')).text).toMatch(
      /planning 6; 2 events are left out: parked, dropped, or of a type/,
    );
    await fixture.tamper('read', 'DELETE FROM read.unknown_type');
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
