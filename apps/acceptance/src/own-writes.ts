import type { Client, GraphqlAnswer, SmallWorld } from '@loa/outside';
import { randomUUID } from 'node:crypto';
import { aside, soon, type System } from './cast.js';
import { contexts, make, type Context } from './work.js';

interface Found {
  readonly found: { readonly id: string; readonly version: number } | null;
}

/** The question for what a context has made. */
const questions: Readonly<Record<Context, string>> = {
  planning: 'agency',
  reporting: 'activity',
  monitoring: 'indicator',
};

/** Something that was accepted just now, and may not be shown yet. */
export interface OwnWrite {
  readonly id: string;
  /** Asks for it, once, with the `minPosition` that the command was answered with. */
  ask(): Promise<GraphqlAnswer<Found>>;
}

/** Has a command of a context carried out that makes something new. @throws when it is not accepted */
export async function write(client: Client, context: Context, world: SmallWorld): Promise<OwnWrite> {
  const id = randomUUID();
  const { minPosition } = await make[context](client, world, id);
  expect(minPosition).toEqual(expect.any(String));
  return {
    id,
    ask: () =>
      client.ask<Found>(
        `query ($id: ID!, $min: String) { found: ${questions[context]}(id: $id, minPosition: $min) { id version } }`,
        { id, min: minPosition },
      ),
  };
}

/** What the answer must be that shows the effect of a {@link write}. */
export const shownFresh = (context: Context, { id }: OwnWrite) => ({
  data: { found: { id, version: 1 } },
  extensions: {
    freshness: { stale: false, positions: [{ context, position: expect.any(Number), stale: false }] },
  },
});

/** Among several, some would be missed by who does not wait. */
const TIMES = 5;

export function tellOfOwnWrites(system: System): void {
  it.each(contexts)('8. who asks at once for what %s has just accepted gets it', async (context) => {
    const client = system.client();
    for (let time = 0; time < TIMES; time += 1) {
      const own = await write(client, context, aside);
      // A busy machine may be late, but then the answer says so.
      const answer = await soon(async () => {
        const one = await own.ask();
        expect(one.extensions?.freshness?.stale).toBe(false);
        return one;
      });
      expect(answer).toEqual(shownFresh(context, own));
    }
    client.close();
  });
}
