import { NoSuchRestore, declareRestore } from '@loa/transport';
import { CannotDo } from './cannot-do.js';
import type { Installation } from './installation.js';
import { withPool } from './lent-pool.js';
import type { Outcome } from './outcome.js';
import { contextNamed } from './context-named.js';

/**
 * Declares that the log of a context was restored without its last events, which were published.
 * @param last the last position that the backup held
 * @throws CannotDo when its relay has not said so
 */
export async function restored({ contexts }: Installation, context: string, last: number): Promise<Outcome> {
  const place = contextNamed(contexts, context);
  try {
    const declared = await withPool(place, (pool) => declareRestore(pool, last));
    return {
      json: { context, last, ...declared },
      attention: true,
      text:
        `${context} is declared as restored to position ${last}. Now\n` +
        `- delete the topic ${declared.topic} and create it anew: its relay publishes the whole log to it;\n` +
        `- make anew what readers keep that have read beyond position ${last}: they say so and take in nothing more.`,
    };
  } catch (error) {
    throw error instanceof NoSuchRestore ? new CannotDo(error.message) : error;
  }
}
