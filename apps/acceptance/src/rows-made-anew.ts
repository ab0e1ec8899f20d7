import type { Distributed } from '@loa/distributed';
import type { Client, SmallWorld } from '@loa/outside';
import { eventually } from '@loa/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { Insistent } from './insistent.js';
import { contexts, startWork, work, type Check } from './work.js';

const CAUGHT_UP_WITHIN_MS = 45_000;
/** Between two looks, and two pieces of work of a context: work all the time, and time for the rest. */
const BREATH_MS = 500;

/** What must hold while rows are made anew, beside processes that serve and are given work. */
export function makeRowsAnew(running: () => Distributed): void {
  let system: Distributed;
  let client: Client;
  let world: SmallWorld;

  beforeAll(async () => {
    system = running();
    ({ client, world } = await startWork(system.url));
  }, 90_000);
  afterAll(() => client.close());

  const loa = async (...args: string[]) => {
    const { code, out, err } = await system.loa([...args, '--json']);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    return JSON.parse(out) as unknown;
  };

  /** Gives every context work and looks again and again at what was seen once, for as long as something is done. */
  async function underLoad(done: () => Promise<void>): Promise<{ checks: Check[]; insistent: Insistent }> {
    const insistent = new Insistent(client);
    const seen: Check[] = [];
    for (const context of contexts) {
      const check = await work[context](insistent, world);
      await eventually(() => check(client), { within: CAUGHT_UP_WITHIN_MS });
      seen.push(check);
    }
    const checks = [...seen];
    let over = false;
    const working = contexts.map(async (context) => {
      for (; !over; await pause(BREATH_MS)) checks.push(await work[context](insistent, world));
    });
    const looking = async () => {
      for (; !over; await pause(BREATH_MS)) await Promise.all(seen.map((check) => check(client)));
    };
    const all = Promise.all([...working, looking()]);
    // It is waited for below; a failure before that must not count as unhandled.
    all.catch(() => undefined);
    await done().finally(() => (over = true));
    await all;
    return { checks, insistent };
  }

  it('under load, after a first try that was killed: no question fails, nothing is lost, nothing differs', async () => {
    const { checks, insistent } = await underLoad(async () => {
      // The rows of one log are in, those of a second one not yet committed.
      const killed = await system.loa(['rebuild'], 'projector.beforeCommit:kill@2');
      expect(killed.code).toBeNull();
      expect(await loa('rebuild')).toMatchObject({
        continued: true,
        generation: { number: 2, state: 'live' },
        comparison: { differences: 0 },
      });
      // What decisions look up is exchanged under them, too.
      expect(await loa('rebuild', '--reader', 'reporting-knowledge')).toMatchObject({
        generation: { number: 2, state: 'live' },
        comparison: { differences: 0 },
      });
    });
    expect(insistent.interrupted).toBe(0);
    // One after the other: the processes have other things to do than to answer all of it again and again.
    for (const check of checks) await eventually(() => check(client), { within: CAUGHT_UP_WITHIN_MS });
    for (const reader of ['gateway', 'reporting-knowledge'])
      expect(await loa('drift', '--reader', reader)).toMatchObject({ differences: 0 });
  }, 300_000);
}
