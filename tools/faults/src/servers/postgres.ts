import { migrate, openPool, provision } from '@loa/database';
import { eventStoreMigrations } from '@loa/event-store';
import { LocalPostgres } from '@loa/local-postgres';
import { RelayLeadership1700000008000 } from '@loa/transport';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { WorldTables1700000000000 } from '../world/tables.migration.js';
import { Proxy } from './proxy.js';
import { SmallDisk } from './small-disk.js';

/** The databases of one run. */
export interface Databases {
  readonly log: string;
  readonly rows: string;
}

const schemas = {
  log: [...eventStoreMigrations, RelayLeadership1700000008000],
  rows: [WorldTables1700000000000],
};
type Kind = keyof typeof schemas;
const kinds: readonly Kind[] = ['log', 'rows'];
const DISK_MIB = 640;

/**
 * The PostgreSQL of all runs, with a proxy before it and, where that is possible, a disk that can be filled. It forgets
 * nothing that it has committed when it is killed; only a power cut of the whole machine would ask for fsync.
 */
export class Postgres {
  /** One thing at a time: a server that is being started is not crashed. */
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly server: LocalPostgres,
    readonly proxy: Proxy,
    readonly disk: SmallDisk | undefined,
    private readonly access: Readonly<Record<Kind, string>>,
  ) {}

  static async start(): Promise<Postgres> {
    const disk = await SmallDisk.mount(DISK_MIB);
    const server = await LocalPostgres.start({
      ...(disk ? { folder: join(disk.folder, 'postgres') } : {}),
      settings: {
        fsync: 'off',
        shared_buffers: '64MB',
        max_wal_size: '128MB',
      },
    });
    const access = { log: '', rows: '' };
    for (const kind of kinds) {
      const password = randomBytes(12).toString('hex');
      const { owner, runtime } = await provision(server.adminUrl, templateOf(kind), {
        owner: password,
        runtime: password,
      });
      await migrate(owner, { migrations: schemas[kind] });
      access[kind] = runtime;
    }
    return new Postgres(server, await Proxy.open(server.port), disk, access);
  }

  /** As superuser, past the proxy. */
  get adminUrl(): string {
    return this.server.adminUrl;
  }

  /** Empty databases of a run. */
  async create(run: string): Promise<void> {
    await this.asAdmin(async (client) => {
      for (const kind of kinds)
        await client.query(
          `CREATE DATABASE ${nameOf(kind, run)} TEMPLATE ${templateOf(kind)} STRATEGY WAL_LOG`,
        );
    });
  }

  /** @param via `proxy` for the processes of the world, `direct` for those who judge them */
  addresses(run: string, via: 'proxy' | 'direct'): Databases {
    const address = (kind: Kind) => {
      const url = new URL(this.access[kind]);
      url.pathname = `/${nameOf(kind, run)}`;
      if (via === 'proxy') url.port = String(this.proxy.port);
      return url.toString();
    };
    return { log: address('log'), rows: address('rows') };
  }

  async drop(run: string): Promise<void> {
    await this.asAdmin(async (client) => {
      for (const kind of kinds)
        await client.query(`DROP DATABASE IF EXISTS ${nameOf(kind, run)} WITH (FORCE)`);
    });
  }

  /** Killed without a word, and started again. */
  crash(): Promise<void> {
    return this.inTurn(async () => {
      // It may be down already, with a disk that was full.
      await this.server.stop('immediate').catch(() => undefined);
      await this.server.up().catch(async (error: unknown) => {
        if (!this.disk) throw error;
        // As an operator would: on a full disk it does not start.
        await this.disk.free();
        await this.server.up();
      });
    });
  }

  /** Starts it if it went down by itself. */
  heal(): Promise<void> {
    return this.inTurn(async () => {
      await this.disk?.free();
      const answers = await this.asAdmin((client) => client.query('SELECT 1')).catch(() => undefined);
      if (!answers) await this.server.up();
    });
  }

  /** Ends all sessions in a run's databases. */
  async endSessions(run: string): Promise<void> {
    await this.asAdmin((client) =>
      client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ($1, $2)', [
        nameOf('log', run),
        nameOf('rows', run),
      ]),
    );
  }

  /** Process ids of sessions in a run, busy ones first. */
  async sessions(run: string): Promise<number[]> {
    const { rows } = await this.asAdmin((client) =>
      client.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname IN ($1, $2) ORDER BY state = 'active' DESC, pid`,
        [nameOf('log', run), nameOf('rows', run)],
      ),
    );
    return rows.map(({ pid }) => pid);
  }

  /** One statement as superuser in the log of a run. */
  async inLog(run: string, text: string, values: readonly unknown[]): Promise<void> {
    const url = new URL(this.adminUrl);
    url.pathname = `/${nameOf('log', run)}`;
    const pool = openPool({ connectionString: url.toString(), applicationName: 'faults', max: 1 });
    try {
      await pool.query(text, [...values]);
    } finally {
      await pool.end();
    }
  }

  async close(): Promise<void> {
    await this.proxy.close();
    await this.server.close();
    await this.disk?.unmount();
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({
      connectionString: this.adminUrl,
      application_name: 'faults',
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
}

const templateOf = (kind: Kind): string => `world_${kind}`;
const nameOf = (kind: Kind, run: string): string => `${kind}_${run}`;
