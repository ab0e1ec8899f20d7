import { AgencyRegistered } from '@loa/contracts-planning';
import { eventually } from '@loa/testing';
import { once } from 'node:events';
import pg from 'pg';
import { id } from '../events.fixtures.js';
import { PATIENCE_MS, QueryGateway } from '../gateway.fixtures.js';
import { READER } from '../read-database.table.js';
import { minPositionText, type MinPosition } from './min-position.js';

let gateway: QueryGateway;
beforeAll(async () => {
  gateway = await QueryGateway.start();
});
afterAll(() => gateway.close());

let registered = 0;
/** An agency that was registered, and where its effect is. Not delivered yet. */
function register(): MinPosition {
  const streamId = id(5_000 + ++registered);
  const name = `Cơ quan ${registered}`;
  gateway.planning.add(
    streamId,
    AgencyRegistered({ agencyId: streamId, name, kind: 'state', level: 'district' }),
    { recordedAt: '2022-04-01T00:00:00Z' },
  );
  return { context: 'planning', position: registered, streamId };
}
/** What the role that serves may not do. */
async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: gateway.access.owner });
  await client.connect();
  await client.query(sql);
  await client.end();
}
const ask = ({ streamId, ...rest }: MinPosition) =>
  gateway.request<{ agency: { name: string } | null }>(
    'query($id: ID!, $min: String) { agency(id: $id, minPosition: $min) { name } }',
    { id: streamId, min: minPositionText({ streamId, ...rest }) },
  );

describe('a question with minPosition', () => {
  it('waits for the effect, and shows it', async () => {
    const effect = register();
    const looked = once(gateway.questions, 'release');
    const answer = ask(effect);
    // It has looked for the effect, in vain.
    await looked;
    await gateway.deliver();
    expect(await answer).toEqual({
      data: { agency: { name: 'Cơ quan 1' } },
      extensions: {
        freshness: { stale: false, positions: [{ context: 'planning', position: 1, stale: false }] },
      },
    });
  });

  it('is answered at once when the effect is there already', async () => {
    const begun = performance.now();
    expect((await ask({ context: 'planning', position: 1, streamId: id(5_001) })).data?.agency).toBeTruthy();
    expect(performance.now() - begun).toBeLessThan(PATIENCE_MS);
  });

  it('is answered all the same when the effect does not come in time, and says that it is stale', async () => {
    const effect = register();
    const begun = performance.now();
    const answer = await ask(effect);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(PATIENCE_MS - 5);
    expect(answer).toEqual({
      data: { agency: null },
      extensions: {
        freshness: {
          stale: true,
          positions: [{ context: 'planning', position: 2, stale: true, why: 'LATE' }],
        },
      },
    });
    await gateway.deliver();
  });

  it('may be one of several in an operation', async () => {
    const effect = register();
    const known = { context: 'planning', position: 1, streamId: id(5_001) };
    const answer = await gateway.request<Record<string, { name: string } | null>>(
      `query($a: ID!, $b: ID!, $minA: String, $minB: String) {
         a: agency(id: $a, minPosition: $minA) { name } b: agency(id: $b, minPosition: $minB) { name } }`,
      {
        a: known.streamId,
        minA: minPositionText(known),
        b: effect.streamId,
        minB: minPositionText(effect),
      },
    );
    expect(answer.extensions?.freshness).toMatchObject({
      stale: true,
      positions: [
        { position: 1, stale: false },
        { position: 3, stale: true },
      ],
    });
    await gateway.deliver();
  });

  it('says nothing of freshness when it did not ask for a position', async () => {
    expect(await gateway.request('{ agencies { totalCount } }')).not.toHaveProperty('extensions');
  });

  it('is stale when the event was set aside: reading on does not show it', async () => {
    const effect = register();
    await gateway.deliver();
    await gateway.pool.query(
      `INSERT INTO read.parked (reader, source, position, partition, stream_id, version, event_id, type, schema_version,
         data, meta, recorded_at, error, attempts, why)
       VALUES ($1, 'planning', $2, 0, $3, 1, $3, 'planning.AgencyRegistered', 1, '{}', '{}', now(), 'x', 3, 'failed')`,
      [READER, effect.position, effect.streamId],
    );
    expect((await ask(effect)).extensions?.freshness).toMatchObject({
      positions: [{ stale: true, why: 'PARKED' }],
    });
    await gateway.pool.query('DELETE FROM read.parked');
    expect((await ask(effect)).extensions?.freshness).toMatchObject({ stale: false });
  });

  it('is stale when an operator has left the event out for good', async () => {
    const [before, effect] = [register(), register()];
    await gateway.deliver();
    await asOwner(
      `INSERT INTO read.dropped (reader, source, position, partition, stream_id, version, event_id, type, schema_version,
         data, meta, recorded_at, error, attempts, reason, dropped_by)
       VALUES ('${READER}', 'planning', ${effect.position}, 0, '${effect.streamId}', 1, '${effect.streamId}',
         'planning.AgencyRegistered', 1, '{}', '{}', now(), 'x', 3, 'a slip', 'An')`,
    );
    expect((await ask(effect)).extensions?.freshness).toMatchObject({
      positions: [{ stale: true, why: 'DROPPED' }],
    });
    expect((await ask(before)).extensions?.freshness).toMatchObject({ stale: false });
    await asOwner('DELETE FROM read.dropped');
  });

  it('is stale when its event may be one whose type was not known, and says how many there are', async () => {
    const effects = [register(), register(), register()];
    await gateway.deliver();
    const passOver = (partition: number, { position }: MinPosition) =>
      gateway.pool.query(
        `INSERT INTO read.unknown_type (reader, source, partition, type, first_position, last_position, events)
         VALUES ($1, 'planning', $2, 'planning.AgencyPainted', $3, $3, 2)`,
        [READER, partition, position],
      );
    const whys = () =>
      Promise.all(
        effects.map(async (effect) => {
          const { freshness } = (await ask(effect)).extensions as {
            freshness: { positions: { why?: string }[] };
          };
          return freshness.positions[0]?.why;
        }),
      );
    await passOver(7, effects[1]!);
    expect(await whys()).toEqual([undefined, undefined, undefined]);
    await passOver(0, effects[1]!);
    expect(await whys()).toEqual([undefined, 'NOT_UNDERSTOOD', undefined]);
    const { freshness } = await gateway.ask<{ freshness: unknown[] }>(
      '{ freshness { context notUnderstood } }',
    );
    expect(freshness[0]).toEqual({ context: 'planning', notUnderstood: 4 });
    await asOwner('DELETE FROM read.unknown_type');
  });

  it('that no command has answered with is refused, and nothing else of the operation is', async () => {
    const { data, errors } = await gateway.request<Record<string, unknown>>(
      '{ agency(id: "00000000-0000-4000-8000-000000005001", minPosition: "12") { name } agencies { totalCount } }',
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'minPosition' });
    expect(data).toMatchObject({ agency: null, agencies: { totalCount: expect.any(Number) as number } });
  });
});

describe('freshness', () => {
  interface Freshness {
    readonly context: string;
    readonly secondsBehind: number | null;
  }
  const freshness = async () =>
    (
      await gateway.ask<{ freshness: Freshness[] }>(
        '{ freshness { context position recordedAt caughtUpAt secondsBehind stale parked notUnderstood } }',
      )
    ).freshness;

  it('is that of every context, also of one that nothing was read of yet', async () => {
    const [planning, reporting, monitoring] = await freshness();
    expect([planning!.context, reporting!.context]).toEqual(['planning', 'reporting']);
    expect(monitoring).toEqual({
      context: 'monitoring',
      position: 0,
      recordedAt: null,
      caughtUpAt: null,
      secondsBehind: null,
      stale: true,
      parked: 0,
      notUnderstood: 0,
    });
  });

  it('is 0 seconds when there was nothing more to read just now', async () => {
    gateway.projector.caughtUp({ source: 'planning', partition: 0, agoMs: 0 });
    gateway.projector.caughtUp({ source: 'monitoring', partition: 0, agoMs: 3_200 });
    await gateway.projector.caughtUpTimes.write();
    const [planning, , monitoring] = await freshness();
    expect(planning).toMatchObject({
      position: registered,
      secondsBehind: 0,
      stale: false,
      recordedAt: '2022-04-01T00:00:00.000Z',
    });
    expect(monitoring).toMatchObject({ position: 0, secondsBehind: 3, stale: false });
  });

  it('grows when nothing is applied any more, and is stale then', async () => {
    await gateway.pool.query(
      `UPDATE read.checkpoint SET caught_up_at = now() - interval '12.5 s' WHERE source = 'planning'`,
    );
    register();
    expect((await freshness())[0]).toMatchObject({ secondsBehind: 12, stale: true });
    await gateway.deliver();
    // Applied, and yet: whether there is more, only the carrier can say.
    expect((await freshness())[0]).toMatchObject({ secondsBehind: 12, stale: true, position: registered });
  });

  it('does not go back when an older look is written late', async () => {
    await eventually(async () => {
      gateway.projector.caughtUp({ source: 'planning', partition: 0, agoMs: 0 });
      await gateway.projector.caughtUpTimes.write();
      expect((await freshness())[0]).toMatchObject({ secondsBehind: 0 });
    });
    await eventually(async () => {
      gateway.projector.caughtUp({ source: 'planning', partition: 0, agoMs: 60_000 });
      gateway.projector.caughtUp({ source: 'monitoring', partition: 0, agoMs: 0 });
      await gateway.projector.caughtUpTimes.write();
      expect((await freshness())[2]).toMatchObject({ secondsBehind: 0 });
    });
    expect((await freshness())[0]!.secondsBehind).toBeLessThan(10);
  });
});
