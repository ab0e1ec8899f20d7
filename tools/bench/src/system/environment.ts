import os from 'node:os';
import type pg from 'pg';

/** The machine, as far as it decides about the figures. */
export const machine = () => ({
  cpu: os.cpus()[0]?.model ?? 'unknown',
  cores: os.availableParallelism(),
  memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  system: `${os.type()} ${os.release()} ${os.arch()}`,
  node: process.version,
  /** Before the first measurement: what others were doing here. */
  load: os.loadavg()[0]!,
});

const settings = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_sync_method',
  'shared_buffers',
  'max_wal_size',
];

/** What the server promises about durability, in its own words. */
export async function postgresSettings(client: pg.Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `SELECT name, current_setting(name) AS setting FROM pg_settings WHERE name = ANY ($1) ORDER BY array_position($1, name)`,
    [settings],
  );
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}
