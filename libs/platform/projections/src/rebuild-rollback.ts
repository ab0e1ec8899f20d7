import { checkedSide, GenerationRefusal, type Onlooker, type ReadSide } from './generation.js';
import { GenerationRegistry, type Generation } from './generation-registry.js';
import { alone, holdOffMigrations, onHolder, type Sessions } from './generation-sessions.js';
import { Shadow } from './generation-shadow.js';
import { makeLive, refuseOtherShape } from './generation-swap.js';
import { refuseUnknown, refuseUnknownAhead } from './rebuild-verification.js';

export interface RollBackOptions {
  /** Which one; left out: the newest that is kept. */
  readonly number?: number;
  /** Also when this build does not know the type of events that the live rows contain. */
  readonly force?: boolean;
}

export interface RolledBack {
  readonly generation: Generation;
  readonly heldMs: number;
}

async function keptOne(
  registry: GenerationRegistry,
  { holder }: Sessions,
  number: number | undefined,
): Promise<Generation> {
  const kept = (await registry.list(holder)).filter(({ state }) => state === 'kept');
  const found = number === undefined ? kept.at(-1) : kept.find((one) => one.number === number);
  if (found) return found;
  const choice = kept.map((one) => one.number).join(', ') || 'none';
  throw new GenerationRefusal(
    number === undefined
      ? 'no earlier generation is kept: run a rebuild instead'
      : `generation ${number} is not kept; kept are: ${choice}`,
  );
}

/**
 * Lets an earlier generation be live again; what was live is kept. First it is brought to where the live rows are, with
 * the projections of this process: nothing that was seen vanishes, and its reader has nothing to make up for.
 * @throws GenerationRefusal with nothing swapped
 */
export async function rollBack(
  given: ReadSide,
  { number, force = false }: RollBackOptions = {},
  onlooker: Onlooker = {},
): Promise<RolledBack> {
  const side = checkedSide(given);
  const registry = new GenerationRegistry(side);
  return alone(side, async (sessions) => {
    const generation = await keptOne(registry, sessions, number);
    const shadow = new Shadow(sessions, side, generation.schemaName);
    const advice = 'A migration has changed the tables since: run a rebuild instead';
    await holdOffMigrations(sessions);
    await refuseOtherShape(sessions, side.schema, shadow.schema, advice);
    const lost = await shadow.containsLost();
    if (lost !== undefined) {
      throw new GenerationRefusal(
        `${lost}. Nothing was swapped. Run a rebuild instead: it makes rows of what the log has`,
      );
    }
    await shadow.carryAsLive();
    if (!force) await refuseUnknownAhead(sessions.pool, side, (source) => shadow.placesOf(source));
    onlooker.onStep?.('catch-up', shadow.schema);
    await shadow.leaveOut();
    await shadow.catchUp(() => undefined);
    onlooker.onStep?.('swap', `${shadow.schema} becomes ${side.schema}`);
    // A newer release may have recorded the first of a type since.
    const verify = force ? undefined : () => refuseUnknown(sessions.pool, side, shadow.schema);
    const { heldMs } = await makeLive(sessions, side, registry, generation, shadow, verify);
    return { generation: await registry.live(sessions.holder), heldMs };
  });
}

/**
 * Drops the tables of a generation that is kept, or of one that was being made and given up.
 * @throws GenerationRefusal when there is no such generation
 */
export async function discardGeneration(given: ReadSide, number: number): Promise<void> {
  const side = checkedSide(given);
  const registry = new GenerationRegistry(side);
  await alone(side, async (sessions) => {
    const found = (await registry.list(sessions.holder)).find((one) => one.number === number);
    if (found?.state !== 'kept' && found?.state !== 'building') {
      throw new GenerationRefusal(
        `generation ${number} is ${found?.state ?? 'not there'}: nothing to discard`,
      );
    }
    await onHolder(sessions, `BEGIN; SET LOCAL lock_timeout = '10s'`, async (client) => {
      await new Shadow(sessions, side, found.schemaName).drop(client);
      await registry.change(client, number, { state: 'discarded' });
    });
  });
}
