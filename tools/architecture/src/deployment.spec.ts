import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { databaseUrl, readCompose, substitutions, type ComposeService } from './compose.js';
import { settingsReadBy } from './settings-read.js';
import { read, root } from './workspaces.js';

const composeFile = await read('docker-compose.yml');
const { services } = readCompose(composeFile);
const dockerfile = await read('infra/docker/Dockerfile');
const script = await read('infra/postgres/databases.sh');
const topics = JSON.parse(await read('infra/kafka/topics.json')) as {
  kinds: Record<string, { topics: string[] }>;
  environments: Record<string, unknown>;
};

const contexts = ['planning', 'reporting', 'monitoring'];
const serving = [...contexts, 'gateway-api', 'gateway-projector'];
const once = ['topics', 'migrate-planning', 'migrate-reporting', 'migrate-monitoring', 'migrate-gateway'];
/** Started by people only. */
const tools = ['loa'];
const ours = [...serving, ...once, ...tools];
const foreign = ['postgres', 'kafka'];
const named = (name: string): ComposeService => services[name]!;
const environmentOf = (name: string) => Object.entries(named(name).environment ?? {});
const everyValue = Object.keys(services).flatMap((name) =>
  environmentOf(name).map(([key, value]) => ({ name, key, value: String(value) })),
);

/** Where the name of the workspace does not say what it is for. */
const imagesOfTools: Readonly<Record<string, string>> = { kafka: 'loa-topics', loa: 'loa-operations' };

describe('processes', () => {
  it('are those of the architecture, with what they stand on, and nothing else', () =>
    expect(Object.keys(services).sort()).toEqual([...ours, ...foreign].sort()));

  it.each([...serving, ...foreign])('%s has a health check', (name) => {
    const { build, healthcheck } = named(name);
    expect(healthcheck?.disable ?? false).toBe(false);
    expect(healthcheck?.test ?? (build && /^HEALTHCHECK /m.test(dockerfile))).toBeTruthy();
  });

  it.each([...once, ...tools])('%s runs once', (name) =>
    expect(named(name)).toMatchObject({ restart: 'no', healthcheck: { disable: true } }),
  );

  it('the tools are started by nobody but those who ask for them; everything else is', () => {
    const asked = Object.entries(services).filter(([, { profiles }]) => profiles !== undefined);
    expect(asked.map(([name, { profiles }]) => [name, profiles])).toEqual([['loa', ['tools']]]);
  });

  it('what stands behind `docker compose run loa` reaches the program', () => {
    const [interpreter] = /^ENTRYPOINT (.*)$/m.exec(dockerfile)!.slice(1);
    expect(named('loa').entrypoint).toEqual([...(JSON.parse(interpreter!) as string[]), 'dist/main.js']);
    expect(named('loa').command).toEqual(['status']);
  });

  it.each(ours)('%s is built from the one Dockerfile and starts what there is', (name) => {
    const { build, image, entrypoint, command = ['dist/main.js'] } = named(name);
    const { FOLDER = 'apps', SERVICE } = build!.args;
    const source = (entrypoint?.at(-1) ?? command[0]!).replace('dist/', 'src/').replace(/\.js$/, '.ts');
    expect(build!.dockerfile).toBe('infra/docker/Dockerfile');
    expect(image).toBe(imagesOfTools[SERVICE!] ?? `loa-${SERVICE}`);
    expect(existsSync(join(root, FOLDER, SERVICE!, source))).toBe(true);
  });

  it.each(ours)('%s waits for what it needs', (name) => {
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

/** What a process could be told here and is not, each with the reason. */
const leftOut: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  loa: { LOA_HOME: 'the folder of the standalone process, which is not in these containers' },
};

describe('environment', () => {
  it.each(ours)('%s is given all that it reads, and nothing that it does not', async (name) => {
    const known = await settingsReadBy(name);
    const given = environmentOf(name).map(([key]) => key);
    for (const key of given) expect(known).toContain(key);
    const inImage = [...dockerfile.matchAll(/^(?:ENV)?\s+([A-Z_]+)=/gm)].map(([, key]) => key!);
    const left = known.filter((key) => ![...given, ...inImage].includes(key));
    expect(left).toEqual(Object.keys(leftOut[name] ?? {}));
  });

  it('the page of the gateway names all that its processes read, each by those that read it', async () => {
    const page = await read('apps/gateway/README.md');
    const readers = { API: 'gateway-api', projector: 'gateway-projector', migrate: 'migrate-gateway' };
    for (const [reader, name] of Object.entries(readers)) {
      const rows = [...page.matchAll(/^\| `([A-Z_]+)` *\| ([^|]*) \|/gm)].filter(([, , by]) =>
        by!.includes(reader),
      );
      expect(rows.map(([, setting]) => setting!).sort()).toEqual((await settingsReadBy(name)).sort());
    }
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
      const owner = key.endsWith('OWNER_DATABASE_URL');
      expect(host).toBe('postgres');
      expect(role).toBe(owner ? `${database}_owner` : database);
      // Operators do both, in every database; their settings say which.
      if (tools.includes(name)) expect(key).toBe(`${role.toUpperCase()}_DATABASE_URL`);
      else expect(owner).toBe(name.startsWith('migrate-'));
      expect(password).toBe(`\${${role.toUpperCase()}_PASSWORD}`);
    }
  });
});

describe('topics', () => {
  it('are those of infra/kafka/topics.json, one of each kind for each service that publishes', () => {
    const { events, heartbeat, ...more } = topics.kinds;
    expect(more).toEqual({});
    const ofPublishers = (kind: string) =>
      contexts.map((context) => `${named(context).environment!['LOA_KAFKA_PREFIX']}.${context}.${kind}`);
    expect(events!.topics.toSorted()).toEqual(ofPublishers('events').toSorted());
    expect(heartbeat!.topics.toSorted()).toEqual(ofPublishers('heartbeat').toSorted());
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

/** The settings in example.env; optional ones stand there as a comment. */
async function exampleLines(): Promise<{ readonly optional: boolean; readonly line: string }[]> {
  const text = await read('infra/docker/example.env');
  return [...text.matchAll(/^(# )?([A-Z][A-Z0-9_]*=.*)$/gm)].map(([, comment, line]) => ({
    optional: comment !== undefined,
    line: line!,
  }));
}

describe('example.env', () => {
  it('names all that compose takes from .env, and nothing else', async () => {
    const taken = substitutions(composeFile).map(({ name }) => name);
    const names = (await exampleLines()).map(({ line }) => line.split('=')[0]!);
    expect(names.sort()).toEqual([...new Set(taken)].sort());
  });

  it('has as a comment only what compose does without', async () => {
    const required = substitutions(composeFile).filter((one) => one.required);
    const optional = (await exampleLines())
      .filter((one) => one.optional)
      .map(({ line }) => line.split('=')[0]!);
    expect(optional.length).toBeGreaterThan(0);
    for (const { name } of required) expect(optional).not.toContain(name);
  });
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
    const entries = (await exampleLines())
      .filter(({ optional }) => !optional)
      .map(({ line }) => line.split('='));
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
