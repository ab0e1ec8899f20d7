import { AgencyRegistered } from '@loa/contracts-planning';
import { id } from '../events.fixtures.js';
import { QueryGateway } from '../gateway.fixtures.js';
import { READER } from '../read-database.table.js';

const contexts = ['planning', 'reporting', 'monitoring'];
const seconds = (ago: number) => new Date(Date.now() - ago * 1_000).toISOString();

let gateway: QueryGateway;
beforeAll(async () => {
  gateway = await QueryGateway.start();
});
afterAll(() => gateway.close());

function register(n: number, recordedAt: string): void {
  const agencyId = id(n);
  const name = `Cơ quan ${n}`;
  gateway.planning.add(agencyId, AgencyRegistered({ agencyId, name, kind: 'state', level: 'district' }), {
    recordedAt,
  });
}

async function caughtUp(of: readonly string[], at: string): Promise<void> {
  await gateway.pool.query(
    `INSERT INTO read.checkpoint (reader, source, partition, position, "offset", caught_up_at)
     SELECT $1, source, 0, 0, -1, $3 FROM unnest($2::text[]) source
     ON CONFLICT (reader, source, partition) DO UPDATE SET caught_up_at = $3`,
    [READER, of, at],
  );
}

/** How many agencies there were, and what the answer says of itself. */
async function asked(asOf: string) {
  const { data, extensions } = await gateway.request<{ agencies: { totalCount: number } }>(
    'query($asOf: DateTime) { agencies(asOf: $asOf) { totalCount } }',
    { asOf },
  );
  return { count: data?.agencies.totalCount, freshness: extensions?.freshness };
}

it('an answer as of an instant says so while events of then may be on their way, and is final when it does not', async () => {
  const instant = seconds(60);
  register(1, seconds(90));
  await gateway.deliver();
  register(2, seconds(70));
  await caughtUp(contexts, seconds(80));
  expect(await asked(instant)).toEqual({
    count: 1,
    freshness: {
      stale: true,
      instants: [
        { asOf: instant, stale: true, contexts: contexts.map((context) => ({ context, why: 'LATE' })) },
      ],
    },
  });
  await gateway.deliver();
  await caughtUp(contexts, seconds(30));
  expect(await asked(instant)).toEqual({
    count: 2,
    freshness: { stale: false, instants: [{ asOf: instant, stale: false, contexts: [] }] },
  });
  expect((await asked(seconds(-3_600))).freshness).toMatchObject({ stale: true });
});

it('of several questions each instant is told of once', async () => {
  await caughtUp(contexts, seconds(30));
  const [past, now] = [seconds(600), seconds(0)];
  const { extensions } = await gateway.request(
    `query($past: DateTime, $now: DateTime) {
       a: agencies(asOf: $past) { totalCount } b: agencies(asOf: $now) { totalCount }
       c: plans(asOf: $now) { totalCount } d: plans { totalCount } }`,
    { past, now },
  );
  expect(extensions?.freshness).toMatchObject({
    stale: true,
    instants: [
      { asOf: past, stale: false },
      { asOf: now, stale: true },
    ],
  });
});

it('an event that is parked for an operator leaves the instants before it final', async () => {
  await caughtUp(contexts, seconds(30));
  const [before, parked, after] = [seconds(300), seconds(200), seconds(100)];
  await gateway.pool.query(
    `INSERT INTO read.parked (reader, source, position, partition, stream_id, version, event_id, type, schema_version,
       data, meta, recorded_at, error, attempts, why)
     VALUES ($1, 'reporting', 1, 0, $2, 1, $2, 'reporting.ActivityRecorded', 1, '{}', '{}', $3, 'x', 3, 'failed')`,
    [READER, id(77), parked],
  );
  expect((await asked(before)).freshness).toMatchObject({ stale: false });
  expect((await asked(after)).freshness).toMatchObject({
    instants: [{ contexts: [{ context: 'reporting', why: 'PARKED' }] }],
  });
  await gateway.pool.query('DELETE FROM read.parked');
});

it.each([
  ['beside them', '{ agencies { totalCount } freshness { context position } }'],
  [
    'in a fragment',
    '{ agencies { totalCount } ...f } fragment f on Query { ... { freshness { context position } } }',
  ],
])('how far answers have come is asked before them, %s: they never show less', async (_, query) => {
  const heard: string[] = [];
  const { questions } = gateway;
  const plain = questions.query.bind(questions);
  questions.query = (async (config: { text: string }) => {
    const about = config.text.includes('caughtUpAt') ? 'freshness' : 'agencies';
    heard.push(`${about}?`);
    const answer = await plain(config);
    heard.push(about);
    return answer;
  }) as typeof questions.query;
  const { freshness } = await gateway.ask<{ freshness: { context: string }[] }>(query);
  questions.query = plain;
  expect(freshness).toHaveLength(contexts.length);
  expect(heard).toEqual(['freshness?', 'freshness', 'agencies?', 'agencies']);
});
