import { LocalKafka } from '@loa/kafka';
import { describe } from '@jest/globals';

/**
 * A describe that needs the brokers of the test run, from KAFKA_BROKERS (`host:port,…`). Without them its tests count as
 * skipped; under CI=true that is an error.
 */
export function describeWithKafka(name: string, tests: (brokers: readonly string[]) => void): void {
  const brokers = process.env['KAFKA_BROKERS'];
  const whyNot = brokers ? undefined : 'KAFKA_BROKERS is not set';
  describeUnless(whyNot, name, () => tests(brokers ? brokers.split(',') : []));
}

/** A describe that starts brokers of its own. Without Java its tests count as skipped; under CI=true that is an error. */
export async function describeWithOwnKafka(name: string, tests: () => void): Promise<void> {
  const state = await LocalKafka.available();
  describeUnless(state.available ? undefined : state.why, name, tests);
}

function describeUnless(whyNot: string | undefined, name: string, tests: () => void): void {
  if (whyNot === undefined) return void describe(name, tests);
  if (process.env['CI'] === 'true') throw new Error(`${whyNot}, and under CI=true the Kafka tests must run`);
  // Skipped and counted, so that nobody takes a run without Kafka for a whole one.
  // oxlint-disable-next-line jest/no-disabled-tests
  describe.skip(`${name} (${whyNot})`, tests);
}
