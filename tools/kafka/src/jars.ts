import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const home = fileURLToPath(new URL('..', import.meta.url));
const pom = join(home, 'pom.xml');
const libs = join(home, 'libs');

/** The java of JAVA_HOME when it is set, as the JVM's own tools do it. */
export function java(): string {
  const jdk = process.env['JAVA_HOME'];
  return jdk ? join(jdk, 'bin', 'java') : 'java';
}

/** Why a broker cannot run on this machine, or undefined when it can. */
export async function whyNot(): Promise<string | undefined> {
  const version = await run(java(), ['-version']).then(
    ({ stderr }) => Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0),
    () => undefined,
  );
  if (version === undefined) return 'Java was not found: install a JDK 17 or newer, or set JAVA_HOME';
  if (version < 17) return `Java ${version} is too old: Kafka 4 needs 17 or newer`;
  if (existsSync(await folderOfJars())) return undefined;
  const maven = await run('mvn', ['-version']).then(
    () => true,
    () => false,
  );
  return maven ? undefined : 'Maven ("mvn") was not found, and it is needed once to bring the jars of Kafka';
}

/**
 * The class path of a broker. Asks Maven only when the jars of this very pom.xml are not there: their folder is named
 * after its content, and appears whole or not at all, so that two test runs may start at the same moment.
 * @throws with Maven's own words when it cannot bring them
 */
export async function classPath(): Promise<string> {
  const folder = await folderOfJars();
  if (!existsSync(folder)) await resolveInto(folder);
  return join(folder, '*');
}

async function folderOfJars(): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(pom))
    .digest('hex');
  return join(libs, digest.slice(0, 12));
}

async function resolveInto(folder: string): Promise<void> {
  const draft = join(libs, `draft-${process.pid}`);
  await mkdir(draft, { recursive: true });
  try {
    const args = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${draft}`];
    await run('mvn', args, { cwd: home, maxBuffer: 10_000_000 }).catch((error: unknown) => {
      const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
      throw new Error(`Maven could not bring the jars of Kafka:\n${said.slice(-2_000)}`, { cause: error });
    });
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  const older = (await readdir(libs)).filter(
    (name) => !name.startsWith('draft-') && join(libs, name) !== folder,
  );
  for (const name of older) await rm(join(libs, name), { recursive: true, force: true });
}
