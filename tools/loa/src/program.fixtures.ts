import { openPool, type DatabaseAccess } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { readSchema } from '@loa/gateway';
import { monitoringContext } from '@loa/monitoring';
import { planningContext } from '@loa/planning';
import { Projector, runProjector } from '@loa/projections';
import { Sealer, exportRoot } from '@loa/seals';
import { eventually, freshDatabase, testServer } from '@loa/testing';
import { LogTransport } from '@loa/transport';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { made, type Made } from './build.js';
import { run } from './program.js';

type Name = 'planning' | 'reporting' | 'monitoring' | 'read';

/** The same addresses on a port where nothing listens: no server is given that of the discard protocol. */
export const withNobodyThere = (environment: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, address]) => {
      const url = new URL(address);
      url.port = '9';
      return [name, url.toString()];
    }),
  );

/** The id of the first agency of {@link Fixture.withAgencies}. */
export const agency = '0d1e6a52-6f0e-4c35-9b1a-0f6c3c6f3a77';

/** A Loa of empty databases, with what a spec needs to fill and to harm it. */
export class Fixture {
  readonly planning: EventStore;
  environment: Record<string, string>;

  private constructor(private readonly databases: Readonly<Record<Name, DatabaseAccess>>) {
    this.planning = this.storeOf('planning');
    this.environment = Object.fromEntries(
      Object.entries(databases).flatMap(([name, { owner, runtime }]) => [
        [`LOA_${name.toUpperCase()}_DATABASE_URL`, runtime],
        [`LOA_${name.toUpperCase()}_OWNER_DATABASE_URL`, owner],
      ]),
    );
  }

  static async make(): Promise<Fixture> {
    const [planning, reporting, monitoring, read] = await Promise.all([
      freshDatabase('cli_planning', planningContext.schema),
      // The tables of reporting and monitoring are the same.
      freshDatabase('cli_reporting', monitoringContext.schema),
      freshDatabase('cli_monitoring', monitoringContext.schema),
      freshDatabase('cli_read', readSchema),
    ]);
    return new Fixture({ planning, reporting, monitoring, read });
  }

  /** Six agencies are registered, {@link agency} first, and every reader has them. */
  static async withAgencies(): Promise<Fixture> {
    const fixture = await Fixture.make();
    await fixture.register('UBND tỉnh Bắc Kạn', agency);
    for (let n = 1; n < 6; n += 1) await fixture.register(`Sở ${n}`);
    await fixture.whileReading(async () => undefined);
    return fixture;
  }

  /** What somebody at a terminal gets; `progress`: every line of it. */
  async loa(...args: string[]) {
    const out: string[] = [];
    const err: string[] = [];
    const told: string[] = [];
    const output = {
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
      progress: (line: string) => void told.push(line),
    };
    const code = await run(args, { output, environment: this.environment });
    const text = out.join('\n');
    return { code, text, problem: err.join('\n'), progress: told.join('\n'), json: () => JSON.parse(text) };
  }

  async register(
    name: string,
    streamId: string = randomUUID(),
    type = 'planning.AgencyRegistered',
  ): Promise<void> {
    await this.planning.append({
      streamId,
      expected: 0,
      events: [
        {
          eventId: randomUUID(),
          type,
          schemaVersion: 1,
          data: JSON.stringify({ agencyId: streamId, name, kind: 'state', level: 'province' }),
          meta: JSON.stringify({ at: '2022-01-04T01:00:00.000Z', command: 'RegisterAgency', id: streamId }),
        },
      ],
    });
  }

  async seal(): Promise<void> {
    const sealer = Sealer.start({
      store: this.planning,
      paceMs: 10,
      onError: (error) => console.error(error),
    });
    const head = await this.planning.head();
    await eventually(async () => expect((await exportRoot('planning', this.planning))?.size).toBe(head));
    await sealer.close();
  }

  /** Lets every reader catch up, and keeps them so while the work lasts. */
  async whileReading(work: () => Promise<void>): Promise<void> {
    const stores = {
      planning: this.planning,
      reporting: this.storeOf('reporting'),
      monitoring: this.storeOf('monitoring'),
    };
    const transport = new LogTransport(stores, (error) => console.error(error));
    const readers = await Promise.all([...made].map(([name, one]) => this.reader(transport, name, one)));
    await work();
    await Promise.all(readers.map((reader) => reader.close()));
    await transport.close();
    await Promise.all([stores.reporting.close(), stores.monitoring.close()]);
  }

  private async reader(transport: LogTransport, name: string, { database, sources, side }: Made) {
    const { runtime, owner } = this.databases[database];
    const { projections, schema, knownTypes } = side({ owner, logs: {}, partitions: 1, code: '' });
    const pool = openPool({ connectionString: runtime, applicationName: 'cli-spec' });
    const projector = new Projector(pool, { name, sources, projections, schema, knownTypes });
    const reading = await runProjector(transport, projector, (error) => console.error(error));
    const position = await this.planning.head();
    await eventually(async () =>
      expect(await projector.checkpoints()).toContainEqual(
        expect.objectContaining({ source: 'planning', position }),
      ),
    );
    return {
      close: async () => {
        await reading.close();
        await pool.end();
      },
    };
  }

  /** As somebody with the keys of the house. */
  async tamper(database: Name, ...statements: string[]): Promise<void> {
    const address = new URL(testServer());
    address.pathname = new URL(this.databases[database].runtime).pathname;
    const intruder = new pg.Client({ connectionString: address.toString() });
    await intruder.connect();
    try {
      await intruder.query(`SET session_replication_role = replica; ${statements.join('; ')}`);
    } finally {
      await intruder.end();
    }
  }

  async close(): Promise<void> {
    await this.planning.close();
  }

  private storeOf(name: Name): EventStore {
    const { runtime } = this.databases[name];
    return new EventStore(openPool({ connectionString: runtime, applicationName: 'cli-spec' }));
  }
}
