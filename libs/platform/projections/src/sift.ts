import type { DeliveredEvent } from '@loa/transport';
import type pg from 'pg';
import type { Parking } from './parking.js';
import { refusalOf, type Refusal } from './refusal.js';

/** An event is parked after it has failed so many times alone, one like the other. */
const TRIES_ALONE = 3;

export type Apply = (events: readonly DeliveredEvent[]) => Promise<void>;

/**
 * Applies all of the events that can be applied, in order, and parks the others: what fails is halved until one event
 * is left. All of it in the transaction of the client.
 * @throws what is no fault of an event, and what fails now one way and now another
 */
export async function sift(
  client: pg.PoolClient,
  events: readonly DeliveredEvent[],
  parking: Parking,
  apply: Apply,
): Promise<void> {
  const flowing = await parking.putBehind(events);
  if (flowing.length === 0) return;
  if (flowing.length === 1) return alone(client, flowing[0]!, parking, apply);
  if (!(await attempt(client, () => apply(flowing)))) return;
  const half = Math.ceil(flowing.length / 2);
  await sift(client, flowing.slice(0, half), parking, apply);
  await sift(client, flowing.slice(half), parking, apply);
}

async function alone(
  client: pg.PoolClient,
  event: DeliveredEvent,
  parking: Parking,
  apply: Apply,
): Promise<void> {
  let last: Refusal | undefined;
  for (let tries = 1; tries <= TRIES_ALONE; tries += 1) {
    const refusal = await attempt(client, () => apply([event]));
    if (!refusal) return;
    if (last && last.kind !== refusal.kind) throw new Unsteady(event, last, refusal);
    last = refusal;
  }
  await parking.park(event, last!.words, TRIES_ALONE);
}

/** Does the work, or leaves no trace of it when an event is at fault. @returns why, then; undefined when it is done */
export async function attempt(
  client: pg.PoolClient,
  work: () => Promise<void>,
): Promise<Refusal | undefined> {
  await client.query('SAVEPOINT attempt');
  try {
    await work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    await client.query('ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt');
    return refusal;
  }
  await client.query('RELEASE SAVEPOINT attempt');
  return undefined;
}

/** An event fails now one way and now another: nothing is known of it yet, so the batch comes again. */
export class Unsteady extends Error {
  constructor({ position, type }: DeliveredEvent, one: Refusal, other: Refusal) {
    super(`position ${position} (${type}) fails now as ${one.kind}, now as ${other.kind}`);
  }
}
