import { Fixture } from './program.fixtures.js';

let fixture: Fixture;
const loa = (...args: string[]) => fixture.loa(...args);
const topic = 'loa.planning.events';

/** Six events, of which the backup held four; all six were published, and two others have their positions now. */
beforeAll(async () => {
  fixture = await Fixture.make();
  for (let n = 1; n <= 6; n += 1) await fixture.register(`Sở ${n}`);
  await fixture.tamper(
    'planning',
    `INSERT INTO es.relay (name, position, epoch, tails) VALUES ('${topic}', 4, 7, ARRAY[3, 4])`,
  );
});
afterAll(() => fixture.close());

const lacking = `UPDATE es.relay SET refusal = 'log-restored: ${topic}/1 ends with position 6, which the log does not have'`;

describe('loa restored', () => {
  it('declares nothing that no relay has found', async () => {
    expect((await loa('status')).text).not.toContain('is published');
    const { code, problem } = await loa('restored', 'planning', '--last', '4');
    expect(code).toBe(2);
    expect(problem).toContain('its relay has not said that it lacks events');
    // A log may have been restored to nothing.
    const empty = await loa('restored', 'planning', '--last', '0');
    expect(empty.problem).toContain('its relay has not said that it lacks events');
  });

  it('is asked for by the status, which tells why nothing is published', async () => {
    await fixture.tamper('planning', lacking);
    const { code, text } = await loa('status');
    expect(code).toBe(1);
    expect(text).toContain(`nothing of planning is published: log-restored: ${topic}/1 ends with position 6`);
  });

  it('refuses a position that the log does not have, and a context that is not there', async () => {
    expect((await loa('restored', 'planning', '--last', '7')).problem).toContain('ends before position 7');
    expect(await loa('restored', 'moon', '--last', '4')).toMatchObject({ code: 2 });
    expect((await loa('restored', 'planning')).code).toBe(2);
    for (const last of ['-1', '1.5', 'many', '9007199254740993'])
      expect((await loa('restored', 'planning', '--last', last)).problem).toContain('no whole number');
  });

  it('declares it, and says what is left to do', async () => {
    const { code, json } = await loa('restored', 'planning', '--last', '4', '--json');
    expect({ code, json: json() }).toEqual({
      code: 1,
      json: { context: 'planning', last: 4, topic, restores: 1, epoch: 1_000_007 },
    });
    await fixture.tamper('planning', lacking);
    const { text } = await loa('restored', 'planning', '--last', '3');
    expect(text).toContain(`delete the topic ${topic} and create it anew`);
    expect(text).toContain('read beyond position 3');
  });
});
