import { LocalKafka } from '@loa/kafka';
import { describe, it } from '@jest/globals';

/** Brokers of this test run, from KAFKA_BROKERS (`host:port,…`); undefined when there are none. Under CI=true that is an error. */
export function testBrokers(): readonly string[] | undefined {
  const brokers = process.env['KAFKA_BROKERS'];
  if (brokers) return brokers.split(',');
  if (process.env['CI'] === 'true')
    throw new Error('KAFKA_BROKERS is not set, and under CI=true the Kafka tests must run');
  return undefined;
}

/** A describe that needs the brokers of the test run. Without them it says so and runs nothing. */
export function describeWithKafka(name: string, tests: (brokers: readonly string[]) => void): void {
  const brokers = testBrokers();
  if (brokers) describe(name, () => tests(brokers));
  else describe(name, () => it('is not run here: KAFKA_BROKERS is not set', () => undefined));
}

/** A describe that starts brokers of its own. Without Java it says so and runs nothing; under CI=true that is an error. */
export async function describeWithOwnKafka(name: string, tests: () => void): Promise<void> {
  const state = await LocalKafka.available();
  if (state.available) return void describe(name, tests);
  if (process.env['CI'] === 'true')
    throw new Error(`${state.why}, and under CI=true the Kafka tests must run`);
  describe(name, () => it(`is not run here: ${state.why}`, () => undefined));
}
