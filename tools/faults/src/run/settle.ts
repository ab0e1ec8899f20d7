import { openPool, toPosition } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { partitionOf } from '@loa/transport';
import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaKind } from '../schedule/schedule.js';
import { PARTITIONS } from '../servers/brokers.js';
import { readers } from '../world/tables.migration.js';
import type { World } from './world.js';

const WITHIN_MS: Readonly<Record<KafkaKind, number>> = { none: 40_000, one: 90_000, three: 120_000 };
/**
 * How long it may take, above all of what was seen where several runs shared two cores. Kafka alone takes 6 s to miss a
 * reader that was killed, and several faults come at once; with three brokers also partitions without a leader.
 */
const RECOVERED_WITHIN_MS: Readonly<Record<KafkaKind, number>> = { none: 35_000, one: 60_000, three: 90_000 };
const LOOK_MS = 25;

export interface Settled {
  /** From when nothing was wrong any more until every reader had everything. */
  readonly recoveryMs: number;
  /** More than that is a finding, also when everything came to rest. */
  readonly recoveredWithinMs: number;
  /** What had not come to rest when patience ended. */
  readonly late: readonly string[];
}

/** Nothing is wrong any more: appends come to their end, and readers to the end of the log. */
export async function settle(world: World): Promise<Settled> {
  const healed = performance.now();
  const deadline = healed + WITHIN_MS[world.schedule.kafka];
  const settled = (late: readonly string[]): Settled => ({
    recoveryMs: performance.now() - healed,
    recoveredWithinMs: RECOVERED_WITHIN_MS[world.schedule.kafka],
    late,
  });
  const over = () => performance.now() > deadline;
  const appenders = [...world.members.values()].filter(({ name }) => name.startsWith('appender'));
  for (const appender of appenders) appender.finish();
  while (!appenders.every(({ finished }) => finished)) {
    if (over()) return settled(appenders.filter(({ finished }) => !finished).map(({ name }) => name));
    await pause(LOOK_MS);
  }
  const ends = await endsOf(world);
  for (;;) {
    const behind = await whoIsBehind(world, ends);
    if (behind.length === 0 || over()) return settled(behind);
    await pause(LOOK_MS);
  }
}

interface Ends {
  readonly head: number;
  /** Last position of each partition that has one. */
  readonly partitions: ReadonlyMap<number, number>;
}

async function endsOf(world: World): Promise<Ends> {
  const { log } = world.servers.postgres.addresses(world.run, 'direct');
  const store = new EventStore(openPool({ connectionString: log, applicationName: 'faults', max: 1 }));
  try {
    const { rows } = await store.pool.query<{ stream: string; last: string }>(
      'SELECT stream_id AS stream, max(position) AS last FROM es.event GROUP BY stream_id',
    );
    const partitions = new Map<number, number>();
    for (const { stream, last } of rows) {
      const partition = partitionOf(stream, PARTITIONS);
      partitions.set(partition, Math.max(toPosition(last), partitions.get(partition) ?? 0));
    }
    return { head: await store.head(), partitions };
  } finally {
    await store.close();
  }
}

async function whoIsBehind(world: World, { head, partitions }: Ends): Promise<string[]> {
  const { rows: address } = world.servers.postgres.addresses(world.run, 'direct');
  const pool = openPool({ connectionString: address, applicationName: 'faults', max: 1 });
  try {
    const behind = world.seen === head ? [] : [`watch is at ${world.seen} of ${head}`];
    for (const reader of readers) {
      const { rows } = await pool.query<{ partition: number; position: string }>(
        `SELECT partition, position FROM ${reader}.checkpoint`,
      );
      const at = new Map(rows.map(({ partition, position }) => [partition, toPosition(position)]));
      const ends = world.partitionsOf(reader) > 1 ? partitions : new Map(head > 0 ? [[0, head]] : []);
      for (const [partition, end] of ends) {
        if ((at.get(partition) ?? 0) !== end)
          behind.push(`${reader} is at ${at.get(partition) ?? 0} of ${end} in partition ${partition}`);
      }
    }
    return behind;
  } finally {
    await pool.end();
  }
}
