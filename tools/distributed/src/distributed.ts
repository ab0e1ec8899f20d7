import { provision, type DatabaseAccess } from '@loa/database';
import { freePort } from '@loa/free-ports';
import { LocalKafka, createTopics, readTopics } from '@loa/kafka';
import { LocalPostgres } from '@loa/local-postgres';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ran, type Ran } from './ran.js';
import { ServiceProcess, type ServicePlan } from './service-process.js';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

export const contexts = ['planning', 'reporting', 'monitoring'] as const;
export const services = [...contexts, 'gateway-api', 'gateway-projector'] as const;
export type ServiceName = (typeof services)[number];

const databaseOf = {
  planning: 'loa_planning',
  reporting: 'loa_reporting',
  monitoring: 'loa_monitoring',
  gateway: 'loa_read',
};
type Application = keyof typeof databaseOf;
const applications = Object.keys(databaseOf) as Application[];

export interface DistributedOptions {
  /** Kept between runs. Without it a folder of its own, thrown away at the end. */
  readonly folder?: string;
  readonly gatewayPort?: number;
  /** Called with what is being done. */
  readonly onStep?: (step: string) => void;
  /** Aborted while it starts: what was started is stopped again, and the start fails with the reason. */
  readonly signal?: AbortSignal;
}

/** The system as it runs when one machine is not enough, on this one: real Kafka, PostgreSQL and five processes. */
export class Distributed {
  private constructor(
    readonly folder: string,
    private readonly throwAway: boolean,
    readonly postgres: LocalPostgres,
    readonly kafka: LocalKafka,
    private readonly processes: ReadonlyMap<ServiceName, ServiceProcess>,
    private readonly databases: Record<Application, DatabaseAccess>,
    /** What operators prove themselves with; another one with every start. */
    readonly operatorToken: string,
  ) {}

  static async start(options: DistributedOptions = {}): Promise<Distributed> {
    const step = (words: string) => {
      options.signal?.throwIfAborted();
      options.onStep?.(words);
    };
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'loa-distributed-')));
    await mkdir(join(folder, 'files'), { recursive: true });
    const closing: (() => Promise<void>)[] = [];
    try {
      step('PostgreSQL');
      const postgres = await LocalPostgres.start({ folder: join(folder, 'postgres') });
      closing.push(() => postgres.close());
      step('Kafka');
      const kafka = await LocalKafka.start({ folder: join(folder, 'kafka') });
      closing.push(() => kafka.stop());
      await createTopics(kafka.brokers, await readTopics('local'));
      step('migrations');
      const databases = await databasesOf(postgres.adminUrl);
      for (const application of applications)
        await migrated(application, databases[application].owner, folder);
      const operatorToken = randomBytes(32).toString('base64url');
      const operators = { LOA_OPERATOR_TOKEN: operatorToken };
      const plans = await plan(databases, kafka.brokers, folder, operators, options.gatewayPort);
      const processes = new Map(
        plans.map((one) => [one.name as ServiceName, new ServiceProcess(one, folder)]),
      );
      closing.push(
        async () => void (await Promise.all([...processes.values()].map((process) => process.end()))),
      );
      step('services');
      await Promise.all([...processes.values()].map((process) => process.start()));
      options.signal?.throwIfAborted();
      const throwAway = options.folder === undefined;
      return new Distributed(folder, throwAway, postgres, kafka, processes, databases, operatorToken);
    } catch (error) {
      for (const close of closing.reverse()) await close().catch(() => undefined);
      throw error;
    }
  }

  /** Of the gateway. */
  get url(): string {
    return this.service('gateway-api').url;
  }

  service(name: ServiceName): ServiceProcess {
    return this.processes.get(name)!;
  }

  /** The database of a service, as the owner of its tables. */
  ownerOf(application: Application): string {
    return this.databases[application].owner;
  }

  /**
   * Runs the operations command line on it, as built.
   * @param failPoints where that process is to be made to fail, see `@loa/fail-points`
   */
  loa(args: readonly string[], failPoints = ''): Promise<Ran> {
    const addresses = applications.flatMap((application) => {
      const name = application === 'gateway' ? 'READ' : application.toUpperCase();
      const { owner, runtime } = this.databases[application];
      return [
        [`LOA_${name}_DATABASE_URL`, runtime],
        [`LOA_${name}_OWNER_DATABASE_URL`, owner],
      ];
    });
    const environment = {
      ...Object.fromEntries(addresses),
      LOA_FAIL_POINTS: failPoints,
      // One build for as long as this runs: a rebuild that was interrupted goes on.
      LOA_RELEASE: 'here',
    };
    return ran(join(root, 'tools', 'loa', 'dist', 'main.js'), args, environment);
  }

  /** Services first, then what they stand on. */
  async stop(): Promise<void> {
    await Promise.all([...this.processes.values()].map((process) => process.end()));
    await this.kafka.stop();
    await this.postgres.close();
    if (!this.throwAway) return;
    for (const folder of [this.postgres.folder, this.folder])
      await rm(folder, { recursive: true, force: true });
  }
}

async function databasesOf(adminUrl: string): Promise<Record<Application, DatabaseAccess>> {
  const made = [] as [Application, DatabaseAccess][];
  for (const application of applications) {
    const passwords = { owner: randomBytes(16).toString('hex'), runtime: randomBytes(16).toString('hex') };
    made.push([application, await provision(adminUrl, databaseOf[application], passwords)]);
  }
  return Object.fromEntries(made) as Record<Application, DatabaseAccess>;
}

const script = (application: Application, entry = 'main') =>
  join(root, 'apps', application, 'dist', `${entry}.js`);

async function migrated(application: Application, owner: string, folder: string): Promise<void> {
  await run(process.execPath, [script(application), 'migrate'], {
    env: {
      PATH: process.env['PATH'],
      LOA_OWNER_DATABASE_URL: owner,
      LOA_FILES_FOLDER: join(folder, 'files'),
    },
  });
}

async function plan(
  databases: Record<Application, DatabaseAccess>,
  brokers: readonly string[],
  folder: string,
  operators: Readonly<Record<string, string>>,
  gatewayPort: number | undefined,
): Promise<ServicePlan[]> {
  const ports = new Map<ServiceName, number>();
  for (const name of services)
    ports.set(name, name === 'gateway-api' && gatewayPort ? gatewayPort : await freePort());
  const common = (name: ServiceName, application: Application) => ({
    LOA_DATABASE_URL: databases[application].runtime,
    LOA_HTTP_HOST: '127.0.0.1',
    LOA_HTTP_PORT: String(ports.get(name)),
    LOG_LEVEL: 'info',
  });
  const kafka = { KAFKA_BROKERS: brokers.join(','), LOA_KAFKA_PACE: 'local' };
  const files = { LOA_FILES_FOLDER: join(folder, 'files') };
  const urls = Object.fromEntries(
    contexts.map((context) => [`LOA_${context.toUpperCase()}_URL`, `http://127.0.0.1:${ports.get(context)}`]),
  );
  const of = (
    name: ServiceName,
    application: Application,
    entry: string,
    more: Record<string, string>,
  ): ServicePlan => ({
    name,
    script: script(application, entry),
    port: ports.get(name)!,
    environment: { ...common(name, application), ...more },
  });
  return [
    of('planning', 'planning', 'main', kafka),
    of('reporting', 'reporting', 'main', { ...kafka, ...files, ...operators }),
    of('monitoring', 'monitoring', 'main', { ...kafka, ...operators }),
    of('gateway-api', 'gateway', 'main', { ...urls, ...files, ...operators, LOA_EXPLORER: 'true' }),
    of('gateway-projector', 'gateway', 'main-projector', kafka),
  ];
}
