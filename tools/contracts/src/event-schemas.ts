import { monitoring } from '@loa/contracts-monitoring';
import { planning } from '@loa/contracts-planning';
import { reporting } from '@loa/contracts-reporting';
import { versionsOf, type CommandContract, type EventContract } from '@loa/event-sourcing';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { JsonSchema } from './additive.js';

export interface Promises {
  readonly context: string;
  readonly commands: readonly CommandContract[];
  readonly events: readonly EventContract[];
}

/** What every context promises others. */
export const contexts: readonly Promises[] = [planning, reporting, monitoring];

/** The folder of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** One version of one event that may be stored. */
export interface PromisedVersion {
  readonly event: EventContract;
  readonly schemaVersion: number;
  readonly schema: z.ZodType;
}

/** Every version of every event, those that are no longer written too. */
export const promisedVersions: readonly PromisedVersion[] = contexts.flatMap(({ events }) =>
  events.flatMap((event) => versionsOf(event).map((version) => ({ event, ...version }))),
);

/** Where the schema of one version of one event is kept. */
export const schemaFile = (
  { context, eventName, schemaVersion: newest }: EventContract,
  schemaVersion = newest,
): string => join(root, 'libs', 'contracts', context, 'schemas', `${eventName}.v${schemaVersion}.json`);

/**
 * The JSON Schema of what is stored; the shapes of ids and days are written out, so that a file stands alone.
 * @param schema of an earlier version; the newest when left out
 */
export const schemaOf = ({ meaning, schema: newest }: EventContract, schema = newest): JsonSchema => ({
  description: meaning,
  ...(z.toJSONSchema(schema, {
    reused: 'inline',
    // Named shapes would become references; inline them: a reader of one file should need no other.
    override: ({ jsonSchema }) => {
      delete jsonSchema['id'];
    },
    metadata: z.registry(),
  }) as JsonSchema),
});
