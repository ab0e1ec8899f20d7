import { LocalKafka } from '@loa/kafka';
import { describeUnless } from '@loa/testing';
import { describe } from '@jest/globals';

/**
 * A describe that needs the brokers of the test run, from KAFKA_BROKERS (`host:port,…`). Without them its tests count as
 * skipped; under CI=true that is an error.
 */
export function describeWithKafka(name: string, tests: (brokers: readonly string[]) => void): void {
  const brokers = process.env['KAFKA_BROKERS'];
  const missing = brokers ? undefined : 'KAFKA_BROKERS is not set';
  describeUnless(describe, missing, name, () => tests(brokers ? brokers.split(',') : []));
}

/** A describe that starts brokers of its own. Without Java its tests count as skipped; under CI=true that is an error. */
export async function describeWithOwnKafka(name: string, tests: () => void): Promise<void> {
  const state = await LocalKafka.available();
  describeUnless(describe, state.available ? undefined : state.why, name, tests);
}
