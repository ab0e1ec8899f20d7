import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogue, type Described } from './catalogue.js';
import { exposition, valueOf } from './exposition.js';
import { Metrics } from './metrics.js';
import { watchDoor } from './watched.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const told = async (metrics: Metrics) => exposition(await metrics.text());

describe('a process', () => {
  it('tells of itself: memory, time, the delay of its event loop', async () => {
    const { kinds, samples } = await told(new Metrics());
    expect(kinds.get('process_resident_memory_bytes')).toBe('gauge');
    expect(kinds.get('nodejs_eventloop_lag_p99_seconds')).toBe('gauge');
    expect(samples.length).toBeGreaterThan(20);
  });

  it('adds up what several of its parts count, and never twice what one counts', async () => {
    const metrics = new Metrics();
    const doors = [
      { replays: 1, conflicts: 5 },
      { replays: 2, conflicts: 0 },
    ];
    for (const door of doors) watchDoor(metrics, () => door);
    await told(metrics);
    doors[0]!.replays = 4;
    const now = await told(metrics);
    expect(valueOf(now, 'idempotency_replays_total')).toBe(6);
    expect(valueOf(now, 'eventstore_append_conflicts_total')).toBe(5);
  });

  it('leaves out what a part cannot tell just now, and tells the rest', async () => {
    const metrics = new Metrics();
    metrics.ask('projection_lag_seconds', () => Promise.reject(new Error('the database is away')));
    metrics.ask('projection_lag_seconds', () => [{ labels: { projection: 'other' }, value: 3 }]);
    metrics.ask('db_pool_waiting', () => {
      throw new Error('closed');
    });
    const { samples } = await told(metrics);
    expect(samples.filter(({ name }) => name === 'projection_lag_seconds')).toEqual([
      { name: 'projection_lag_seconds', labels: { projection: 'other' }, value: 3 },
    ]);
    expect(samples.filter(({ name }) => name === 'db_pool_waiting')).toEqual([]);
  });

  it('names a metric before it has a value', async () => {
    const metrics = new Metrics();
    watchDoor(metrics, () => ({ replays: 0, conflicts: 0 }));
    expect((await told(metrics)).kinds.get('command_duration_seconds')).toBe('histogram');
  });
});

describe('the catalogue', () => {
  const entries = Object.entries(catalogue as Readonly<Record<string, Described>>);

  it.each(entries)('%s has a name that says its unit', (name, { kind }) => {
    expect(name).toMatch(
      kind === 'counter' ? /_total$/ : /_(seconds|messages|events|waiting|ratio|position|cost)$/,
    );
  });

  it('is what docs/metrics.md says', async () => {
    const page = await readFile(join(root, 'docs', 'metrics.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` +\| (\w+) +\| (.*?) +\| (.*?) +\|/gm)].map(
      ([, name, kind, labels, where]) => [name, kind, labels, where],
    );
    const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
    expect(rows).toEqual(entries.map(([name, one]) => [name, one.kind, list(one.labels), list(one.in)]));
  });
});

describe('the text format', () => {
  it('is read with labels, escapes and infinity', () => {
    const text =
      '# HELP a_total x\n# TYPE a_total counter\na_total{le="+Inf",b="c \\" d"} 2\na_total 1.5e-3\n';
    const read = exposition(text);
    expect(read.samples).toEqual([
      { name: 'a_total', labels: { le: '+Inf', b: 'c \\" d' }, value: 2 },
      { name: 'a_total', labels: {}, value: 0.0015 },
    ]);
    expect(valueOf(read, 'a_total')).toBe(2.0015);
    expect(valueOf(read, 'a_total', { le: '+Inf' })).toBe(2);
  });
  it('and nothing else', () => expect(() => exposition('<html>')).toThrow('not the text format'));
});
