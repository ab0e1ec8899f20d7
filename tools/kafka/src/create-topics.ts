import { parseArgs } from 'node:util';
import { createTopics, readTopics } from './topics.js';

/** `KAFKA_BROKERS=host:port,… node … create-topics.ts [--environment local|production]` */
const { values } = parseArgs({ options: { environment: { type: 'string', default: 'local' } } });
const brokers = process.env['KAFKA_BROKERS'];
if (!brokers) {
  console.error('KAFKA_BROKERS is not set: host:port of at least one broker, separated by commas');
  process.exit(1);
}
try {
  const { created, kept, different } = await createTopics(
    brokers.split(','),
    await readTopics(values.environment),
  );
  for (const name of created) console.log(`created ${name}`);
  for (const name of kept) console.log(`kept    ${name}`);
  for (const line of different) console.warn(`differs ${line}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
