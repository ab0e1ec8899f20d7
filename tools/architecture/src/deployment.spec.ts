import { settingsOf } from '@loa/contract-checks';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { databaseUrl, readCompose, substitutions, type ComposeService } from './compose.js';
import { read, root } from './workspaces.js';

const { services } = readCompose(await read('docker-compose.yml'));
const dockerfile = await read('infra/docker/Dockerfile');
const script = await read('infra/postgres/databases.sh');
const topics = JSON.parse(await read('infra/kafka/topics.json')) as {
  topics: string[];
  environments: Record<string, unknown>;
};

const contexts = ['planning', 'reporting', 'monitoring'];
const serving = [...contexts, 'gateway-api', 'gateway-projector'];
const once = ['topics', 'migrate-planning', 'migrate-reporting', 'migrate-monitoring', 'migrate-gateway'];
const foreign = ['postgres', 'kafka'];
const named = (name: string): ComposeService => services[name]!;
const environmentOf = (name: string) => Object.entries(named(name).environment ?? {});
const everyValue = Object.keys(services).flatMap((name) =>
  environmentOf(name).map(([key, value]) => ({ name, key, value: String(value) })),
);

describe('processes', () => {
  it('are those of the architecture, with what they stand on, and nothing else', () =>
    expect(Object.keys(services).sort()).toEqual([...serving, ...once, ...foreign].sort()));

  it.each([...serving, ...foreign])('%s has a health check', (name) => {
    const { build, healthcheck } = named(name);
    expect(healthcheck?.disable ?? false).toBe(false);
    expect(healthcheck?.test ?? (build && /^HEALTHCHECK /m.test(dockerfile))).toBeTruthy();
  });

  it.each(once)('%s runs once', (name) =>
    expect(named(name)).toMatchObject({ restart: 'no', healthcheck: { disable: true } }),
  );

  it.each([...serving, ...once])('%s is built from the one Dockerfile and starts what there is', (name) => {
    const { build, image, command = ['dist/main.js'] } = named(name);
    const { FOLDER = 'apps', SERVICE } = build!.args;
    const source = command[0]!.replace('dist/', 'src/').replace(/\.js$/, '.ts');
    expect(build!.dockerfile).toBe('infra/docker/Dockerfile');
    expect(image).toBe(SERVICE === 'kafka' ? 'loa-topics' : `loa-${SERVICE}`);
    expect(existsSync(join(root, FOLDER, SERVICE!, source))).toBe(true);
  });

  it.each([...serving, ...once])('%s waits for what it needs', (name) => {
    const needs = Object.entries(named(name).depends_on ?? {});
    for (const [other, { condition }] of needs) {
      expect(Object.keys(services)).toContain(other);
      expect(condition).toBe(once.includes(other) ? 'service_completed_successfully' : 'service_healthy');
    }
    const others = needs.map(([other]) => other);
    if (serving.includes(name)) expect(others).toContain(`migrate-${name.replace(/-.*/, '')}`);
    else expect(others).toContain(name === 'topics' ? 'kafka' : 'postgres');
  });

  it('only the gateway can be reached from outside, and only from this machine', () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name)).toEqual(['gateway-api']);
    for (const port of open[0]![1].ports!) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('none of ours runs as root', () => expect(dockerfile).toMatch(/^USER 65532:65532$/m));
});

interface Names {
  readonly known: readonly string[];
  readonly required: readonly string[];
}

/** The keys of a zod object, and those that it does not do without. */
interface Settings {
  readonly shape: object;
  safeParse(value: unknown): { error?: { issues: readonly { path: readonly PropertyKey[] }[] } };
}
const namesIn = (settings: Settings): Names => ({
  known: Object.keys(settings.shape),
  required: (settings.safeParse({}).error?.issues ?? []).map(({ path }) => String(path[0])),
});

/** What a process reads from its environment, as its code says. */
async function namesOf(name: string): Promise<Names> {
  if (name === 'topics') {
    const source = await read('tools/kafka/src/create-topics.ts');
    const known = [...source.matchAll(/process\.env\['(\w+)'\]/g)].map(([, variable]) => variable!);
    return { known, required: known };
  }
  const owner: Names = { known: ['LOA_OWNER_DATABASE_URL'], required: ['LOA_OWNER_DATABASE_URL'] };
  if (name === 'migrate-gateway') return owner;
  if (name.startsWith('gateway-')) {
    const config = (await import(pathToFileURL(join(root, 'apps/gateway/src/config.ts')).href)) as {
      ApiSettings: Settings;
      ProjectorSettings: Settings;
    };
    return namesIn(name === 'gateway-api' ? config.ApiSettings : config.ProjectorSettings);
  }
  const settings = settingsOf(name.replace('migrate-', ''));
  const other = name.startsWith('migrate-') ? 'serving' : 'migrating';
  const mine = settings.filter(({ readBy }) => readBy !== other);
  const without = mine.filter((setting) => setting.default === undefined);
  return { known: mine.map((setting) => setting.name), required: without.map((setting) => setting.name) };
}

describe('environment', () => {
  it.each([...serving, ...once])('%s is given what it reads, and nothing that it does not', async (name) => {
    const { known, required } = await namesOf(name);
    const given = environmentOf(name).map(([key]) => key);
    for (const key of given) expect(known).toContain(key);
    const inImage = [...dockerfile.matchAll(/^(?:ENV)?\s+([A-Z_]+)=/gm)].map(([, key]) => key!);
    for (const key of required) expect([...given, ...inImage]).toContain(key);
  });

  it('the servers of others are given only what is theirs, and what the script for the databases asks for', () => {
    for (const [key] of environmentOf('kafka')) expect(key).toMatch(/^KAFKA_/);
    const roles = databases().flatMap((database) => [`${database}_owner`, database]);
    const asked = roles.map((role) => `${role.toUpperCase()}_PASSWORD`);
    const given = environmentOf('postgres').map(([key]) => key);
    expect(given.filter((key) => !key.startsWith('POSTGRES_')).sort()).toEqual(asked.sort());
  });

  it('reporting and the gateway look at the same files', () => {
    const folders = ['reporting', 'gateway-api'].map((name) => {
      const folder = String(named(name).environment!['LOA_FILES_FOLDER']);
      expect(dockerfile).toContain(`install -d -o 65532 -g 65532 ${folder}\n`);
      return [folder, named(name).volumes!.map((volume) => volume.split(':').slice(0, 2))];
    });
    expect(folders[0]).toEqual(folders[1]);
    expect(folders[0]).toEqual(['/var/lib/loa/files', [['files', '/var/lib/loa/files']]]);
  });
});

/** The databases that infra/postgres makes. */
function databases(): string[] {
  const [, list = ''] = /^databases=\(([^)]*)\)$/m.exec(script) ?? [];
  return list.split(' ');
}

describe('databases', () => {
  const urls = everyValue.flatMap(({ name, key, value }) => {
    const url = key.endsWith('DATABASE_URL') ? databaseUrl(value) : undefined;
    expect(key.endsWith('DATABASE_URL')).toBe(url !== undefined);
    return url ? [{ name, key, ...url }] : [];
  });

  it('are those that infra/postgres makes', () =>
    expect([...new Set(urls.map(({ database }) => database))].sort()).toEqual(databases().sort()));

  it('are migrated by their owner and served by the other role, each with its own password', () => {
    for (const { name, key, role, password, host, database } of urls) {
      expect(host).toBe('postgres');
      expect(role).toBe(key === 'LOA_OWNER_DATABASE_URL' ? `${database}_owner` : database);
      expect(key === 'LOA_OWNER_DATABASE_URL').toBe(name.startsWith('migrate-'));
      expect(password).toBe(`\${${role.toUpperCase()}_PASSWORD}`);
    }
  });
});

describe('topics', () => {
  it('are those of infra/kafka/topics.json, one for each service that publishes', () => {
    const publishers = contexts.map((context) => {
      const { LOA_KAFKA_PREFIX } = named(context).environment!;
      return `${LOA_KAFKA_PREFIX}.${context}.events`;
    });
    expect(publishers.sort()).toEqual([...topics.topics].sort());
  });

  it('are created from that list, for an environment it knows, before anybody needs them', async () => {
    const { command, build } = named('topics');
    expect(build!.args).toEqual({ FOLDER: 'tools', SERVICE: 'kafka' });
    expect(command!.slice(0, 2)).toEqual(['dist/create-topics.js', '--environment']);
    expect(Object.keys(topics.environments)).toContain(command![2]);
    expect(await read('infra/docker/assemble.sh')).toContain('infra/kafka/topics.json');
    for (const name of [...contexts, 'gateway-projector'])
      expect(named(name).depends_on).toHaveProperty('topics');
  });

  it('are created by nobody else', () =>
    expect(named('kafka').environment!['KAFKA_AUTO_CREATE_TOPICS_ENABLE']).toBe('false'));
});

describe('passwords', () => {
  const required = everyValue.flatMap(({ value }) =>
    substitutions(value)
      .filter((one) => one.required)
      .map(({ name }) => name),
  );

  it('are never written down', () => {
    for (const { key, value } of everyValue.filter((one) => one.key.includes('PASSWORD')))
      expect(`${key}: ${value}`).toMatch(/: \$\{[A-Z_]+:\?[^}]+\}$/);
    expect(dockerfile).not.toMatch(/password|secret|token/i);
  });

  it('are refused when they are missing', () => {
    const used = everyValue
      .flatMap(({ value }) => substitutions(value))
      .filter(({ name }) => name.endsWith('PASSWORD'));
    for (const { name } of used) expect(required).toContain(name);
  });

  it('have a fake in example.env, each and no other', async () => {
    const lines = (await read('infra/docker/example.env')).split('\n').filter((line) => /^[A-Z]/.test(line));
    const entries = lines.map((line) => line.split('='));
    for (const [, value] of entries.filter(([name]) => name!.endsWith('PASSWORD')))
      expect(value).toMatch(/^replaceMe[A-Za-z]+$/);
    const names = entries.map(([name]) => name!);
    expect(names.filter((name) => name.endsWith('PASSWORD')).sort()).toEqual([...new Set(required)].sort());
    expect(new Set(entries.map(([, value]) => value)).size).toBe(entries.length);
  });

  it('do not get into the repository or an image', async () => {
    expect((await read('.gitignore')).split('\n')).toContain('.env');
    // Everything is left out of an image but what is named.
    expect(await read('.dockerignore')).toMatch(/^\*$/m);
  });
});
