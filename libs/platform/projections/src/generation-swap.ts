import { GenerationRefusal, keptSchema, type ReadSide } from './generation.js';
import { carryDecisions } from './generation-decisions.js';
import type { Generation, GenerationRegistry } from './generation-registry.js';
import { whileReaderHalts, type Halt, type Sessions } from './generation-sessions.js';
import type { Shadow } from './generation-shadow.js';
import { shapeDifferences, shapeOf } from './generation-shape.js';

/** Tables that a migration has changed since are not those that the code of today reads. @throws GenerationRefusal */
export async function refuseOtherShape(
  { holder }: Sessions,
  live: string,
  other: string,
  advice: string,
): Promise<void> {
  const [one, two] = await Promise.all([
    shapeOf(holder, live, { indexes: true }),
    shapeOf(holder, other, { indexes: true }),
  ]);
  const differences = shapeDifferences(one, two);
  if (differences.length > 0) {
    throw new GenerationRefusal(
      `the tables of ${other} are not those of ${live}: ${differences.slice(0, 5).join('; ')}. ${advice}`,
    );
  }
}

/**
 * Lets another generation be the live one, by renaming two schemas in one transaction. Tables are not touched: questions
 * under way are answered from the old ones, the next ones find the new ones under the same names, prepared statements
 * too. The reader halts meanwhile and goes on from the checkpoint of the new one.
 * @param verify what must hold of the rows as they become live
 * @throws GenerationRefusal with nothing swapped
 */
export async function makeLive(
  sessions: Sessions,
  side: ReadSide,
  registry: GenerationRegistry,
  generation: Generation,
  shadow: Shadow,
  verify: () => Promise<void> = () => Promise.resolve(),
): Promise<Halt<void>> {
  const outgoing = await registry.live(sessions.holder);
  const kept = keptSchema(side.schema, outgoing.number);
  const ends = await shadow.ends();
  return whileReaderHalts(sessions, side.schema, async (client) => {
    // While the reader halts, nothing is dropped: the reader does that.
    await shadow.leaveOut();
    // Whatever was taken in since: what readers have seen must not vanish.
    await shadow.matchLive();
    await verify();
    await shadow.takeOver(client, ends);
    await carryDecisions(client, side.schema, shadow.schema);
    await client.query(`ALTER SCHEMA ${side.schema} RENAME TO ${kept}`);
    await client.query(`ALTER SCHEMA ${shadow.schema} RENAME TO ${side.schema}`);
    await registry.change(client, outgoing.number, { state: 'kept', schemaName: kept });
    await registry.change(client, generation.number, {
      state: 'live',
      schemaName: side.schema,
      liveAt: new Date(),
      progress: 1,
    });
  });
}
