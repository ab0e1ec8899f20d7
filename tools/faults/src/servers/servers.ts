import type { Servers } from '../run/world.js';
import type { KafkaKind } from '../schedule/schedule.js';
import { Brokers } from './brokers.js';
import { Postgres } from './postgres.js';

export async function startServers(kafka: KafkaKind): Promise<Servers> {
  const postgres = await Postgres.start();
  try {
    return { postgres, brokers: kafka === 'none' ? undefined : await Brokers.start(kafka) };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

export async function closeServers({ postgres, brokers }: Servers): Promise<void> {
  await Promise.all([postgres.close(), brokers?.close()]);
}
