import { draftOf, type Client, type GraphqlAnswer, type SmallWorld } from '@loa/outside';
import { randomUUID } from 'node:crypto';
import { aside, soon, type System } from './cast.js';
import { contexts, indicatorOf, type Context } from './work.js';

/** What an answer to a question with `minPosition` says of itself. */
interface Fresh<T> extends GraphqlAnswer<T> {
  readonly extensions?: {
    readonly freshness?: {
      readonly stale: boolean;
      readonly positions: readonly {
        readonly context: string;
        readonly stale: boolean;
        readonly why?: string;
      }[];
    };
  };
}

interface Found {
  readonly found: { readonly id: string; readonly version: number } | null;
}

/** A command that makes something, and the question for what it made. */
interface Write {
  readonly command: string;
  readonly question: string;
  input(world: SmallWorld, id: string): object;
}

const writes: Readonly<Record<Context, Write>> = {
  planning: {
    command: 'RegisterAgency',
    question: 'agency',
    input: (_, agencyId) => ({
      agencyId,
      name: `Phòng Nội vụ ${agencyId}`,
      kind: 'STATE',
      level: 'DISTRICT',
    }),
  },
  reporting: {
    command: 'DraftActivity',
    question: 'activity',
    input: (world, id) => ({ ...draftOf(world, id), reach: [{ audience: 'CITIZENS', people: 300 }] }),
  },
  monitoring: {
    command: 'DefineIndicator',
    question: 'indicator',
    input: (world, indicatorId) => ({ ...indicatorOf(world), indicatorId, measure: 'ACTIVITIES' }),
  },
};

/** Something that was accepted just now, and may not be shown yet. */
export interface OwnWrite {
  readonly id: string;
  /** Asks for it, once, with the `minPosition` that the command was answered with. */
  ask(): Promise<Fresh<Found>>;
}

/** Has a command of a context carried out that makes something new. @throws when it is not accepted */
export async function write(client: Client, context: Context, world: SmallWorld): Promise<OwnWrite> {
  const { command, question, input } = writes[context];
  const id = randomUUID();
  const { answer } = await client.query<{ answer: { __typename: string; minPosition?: string } }>(
    `mutation ($input: ${command}Input!, $key: ID) {
      answer: ${command[0]!.toLowerCase()}${command.slice(1)}(input: $input, idempotencyKey: $key) {
        __typename ... on CommandAccepted { minPosition }
      }
    }`,
    { input: input(world, id), key: randomUUID() },
  );
  expect(answer).toEqual({ __typename: 'CommandAccepted', minPosition: expect.any(String) });
  const { minPosition } = answer;
  return {
    id,
    ask: () =>
      client.ask<Found>(
        `query ($id: ID!, $min: String) { found: ${question}(id: $id, minPosition: $min) { id version } }`,
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
