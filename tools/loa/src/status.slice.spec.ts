import { Fixture } from './program.fixtures.js';

let fixture: Fixture;
const status = async () => {
  const { code, text } = await fixture.loa('status');
  return { code, text };
};
const tamper = (...statements: string[]) => fixture.tamper('planning', ...statements);
const remove = (position: number) => `DELETE FROM es.event WHERE position = ${position}`;
const longAgo = (position: number) =>
  `UPDATE es.event SET recorded_at = now() - interval '5 minutes' WHERE position = ${position}`;

async function rebuildAll(readers: readonly string[]): Promise<void> {
  for (const reader of readers)
    expect(await fixture.loa('rebuild', '--reader', reader)).toMatchObject({ problem: '' });
}

/** Three agencies, sealed; nobody has read them yet. */
beforeEach(async () => {
  fixture = await Fixture.make();
  for (let n = 1; n <= 3; n += 1) await fixture.register(`Sở ${n}`);
  await fixture.seal();
});
afterEach(() => fixture.close());

describe('loa status needs attention', () => {
  it('when a reader never took in anything of a log that has events', async () => {
    const { code, json } = await fixture.loa('status', '--json');
    expect(code).toBe(1);
    const { readers, notes } = json();
    const never = { reached: 0, appliedAt: null };
    expect(readers).toMatchObject([
      { reader: 'gateway', source: 'planning', eventsBehind: 3, ...never },
      { reader: 'gateway', source: 'reporting', eventsBehind: 0, ...never },
      { reader: 'gateway', source: 'monitoring', eventsBehind: 0, ...never },
      { reader: 'reporting-knowledge', source: 'planning', eventsBehind: 3, ...never },
      { reader: 'monitoring-knowledge', source: 'planning', eventsBehind: 3, ...never },
    ]);
    expect(notes).toEqual(
      ['gateway', 'reporting-knowledge', 'monitoring-knowledge'].map((reader) =>
        expect.stringContaining(`${reader} has taken in nothing of planning yet`),
      ),
    );
    await fixture.whileReading(async () => undefined);
    expect(await status()).toMatchObject({ code: 0 });
  });

  it('when a reader has everything, and says so no more', async () => {
    await fixture.whileReading(async () => undefined);
    await fixture.tamper('read', `UPDATE read.checkpoint SET caught_up_at = now() - interval '5 minutes'`);
    // Under a steady flow it is never at the end when it looks.
    expect(await status()).toMatchObject({ code: 0 });
    await fixture.tamper('read', `UPDATE read.checkpoint SET applied_at = now() - interval '5 minutes'`);
    const { code, text } = await status();
    expect(code).toBe(1);
    expect(text).toMatch(
      /nobody has said for 30\d s that gateway has all of planning: see that its process runs/,
    );
    expect(text).not.toContain('knowledge has all of');
  });

  it('when a reader has events that the log lost, until its rows are made anew', async () => {
    await fixture.whileReading(async () => undefined);
    await tamper(
      remove(3),
      'DELETE FROM es.seal',
      'DELETE FROM es.leaf',
      'UPDATE es.lane SET head = 2 WHERE lane = 0',
    );
    await fixture.seal();
    const { code, text } = await status();
    expect(code).toBe(1);
    expect(text).toContain('1 ahead');
    for (const reader of ['gateway', 'reporting-knowledge', 'monitoring-knowledge']) {
      expect(text).toMatch(
        new RegExp(`${reader} is 1 events ahead of planning.*rebuild --reader ${reader}"`),
      );
      expect(await fixture.loa('rebuild', '--reader', reader)).toMatchObject({ problem: '' });
    }
    expect(await status()).toMatchObject({ code: 0 });
  });

  it('when rows lack events of a type that their reader did not know, until a release that does makes them anew', async () => {
    const founded = 'planning.AgencyFounded';
    await fixture.whileReading(async () => {
      await fixture.register('Sở mới', undefined, founded);
      await fixture.register('Sở sau');
      await fixture.register('Sở mới nữa', undefined, founded);
    });
    // Whichever process reads on.
    await fixture.whileReading(async () => undefined);
    const readers = ['gateway', 'reporting-knowledge', 'monitoring-knowledge'];
    const expectLacking = async () => {
      const { code, text } = await status();
      expect(code).toBe(1);
      for (const reader of readers)
        expect(text).toContain(
          `the rows of ${reader} lack events of planning whose type it did not know: 2 of ${founded}, from position 4 on. ` +
            `Deploy a release that knows it, then take them in with "loa rebuild --reader ${reader}"`,
        );
    };
    await expectLacking();
    const { json } = await fixture.loa('status', '--json');
    const instant = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ$/);
    const lacking = { type: founded, events: 2, firstPosition: 4, lastPosition: 6 };
    expect(json().readers.map(({ unknownTypes }: { unknownTypes: unknown }) => unknownTypes)).toEqual(
      ['planning', 'reporting', 'monitoring', 'planning', 'planning'].map((source) =>
        source === 'planning' ? [{ ...lacking, firstSeenAt: instant, lastSeenAt: instant }] : [],
      ),
    );
    await rebuildAll(readers);
    await expectLacking();
    // To this release the events become ones that it knows.
    await tamper(`UPDATE es.event SET type = 'planning.AgencyRegistered' WHERE type = '${founded}'`);
    await rebuildAll(readers);
    expect(await status()).toMatchObject({ code: 0 });
  });

  it('when a verification failed, until one finds nothing', async () => {
    await fixture.whileReading(async () => undefined);
    await tamper(`UPDATE es.event SET type = 'planning.Forged' WHERE position = 2`);
    expect(await status()).toMatchObject({ code: 0 });
    expect(await fixture.loa('verify')).toMatchObject({ code: 1 });
    expect(await status()).toMatchObject({
      code: 1,
      text: expect.stringMatching(
        /planning was not as sealed when it was verified at .*event 2 .*is not what/,
      ),
    });
    await tamper(`UPDATE es.event SET type = 'planning.AgencyRegistered' WHERE position = 2`);
    expect(await fixture.loa('verify')).toMatchObject({ code: 0 });
    expect(await status()).toMatchObject({ code: 0 });
  });

  it('when nothing is sealed any more, as behind a hole', async () => {
    await fixture.whileReading(async () => {
      await fixture.register('Sở mất');
      await fixture.register('Sở còn');
    });
    await fixture.whileReading(async () => undefined);
    await tamper(remove(4), longAgo(5));
    expect(await status()).toMatchObject({
      code: 1,
      text: expect.stringMatching(
        /nothing of planning beyond position 3 is sealed, for 3\d\d s: .*loa verify planning/,
      ),
    });
  });

  it('when the seals speak of events beyond the end', async () => {
    await tamper(remove(3), 'UPDATE es.lane SET head = 2 WHERE lane = 0');
    await fixture.whileReading(async () => undefined);
    expect(await status()).toMatchObject({
      code: 1,
      text: expect.stringContaining('planning is sealed up to 3 and ends at 2'),
    });
  });
});
