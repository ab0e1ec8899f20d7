import { ContentAdded, planning, PlanDrafted, PlanIssued } from '@loa/contracts-planning';
import { openPool, type DatabaseAccess } from '@loa/database';
import { EventStore, eventStoreMigrations } from '@loa/event-store';
import {
  checkDrift,
  discardGeneration,
  GenerationRegistry,
  Projector,
  Rebuild,
  rollBack,
  runProjector,
  type ReadSide,
} from '@loa/projections';
import { fromTable, knowledgeSide, readerOf } from '@loa/service';
import { eventually, freshDatabase } from '@loa/testing';
import { LogTransport, type Subscription } from '@loa/transport';
import { randomUUID } from 'node:crypto';
import { setImmediate as breath } from 'node:timers/promises';
import { knownPlan, type KnownPlan } from './known-plans.js';
import { plansKnowledge, plansKnowledgeMigrations } from './plans-knowledge.js';

const agencyId = randomUUID();
let access: DatabaseAccess;
let log: EventStore;
let own: EventStore;
let transport: LogTransport;
let projector: Projector;
let reading: Subscription;
let side: ReadSide;
let failures: unknown[];

/** A context that follows the log of planning, as its service does. */
beforeEach(async () => {
  const source = await freshDatabase('planning', { migrations: eventStoreMigrations });
  access = await freshDatabase('knowing', { migrations: plansKnowledgeMigrations });
  log = new EventStore(openPool({ connectionString: source.runtime, applicationName: 'planning' }));
  own = new EventStore(openPool({ connectionString: access.runtime, applicationName: 'knowing' }));
  failures = [];
  const onError = (error: unknown) => void failures.push(error);
  transport = new LogTransport({ planning: log }, onError);
  projector = new Projector(own.pool, { name: readerOf('knowing'), ...plansKnowledge });
  reading = await runProjector(transport, projector, onError);
  const sources = { owner: access.owner, logs: { planning: log }, partitions: 1, code: 'one' };
  side = knowledgeSide('knowing', plansKnowledge, sources);
});
afterEach(async () => {
  await reading.close();
  await transport.close();
  await Promise.all([log.close(), own.close()]);
});

interface Fact {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
}

const append = (streamId: string, ...facts: Fact[]) =>
  log.append({
    streamId,
    expected: 'any',
    events: facts.map(({ type, schemaVersion, data }) => ({
      eventId: randomUUID(),
      type,
      schemaVersion,
      data: JSON.stringify(data),
      meta: '{}',
    })),
  });

/** A plan that is issued with two contents. */
async function issuePlan(planId: string = randomUUID()): Promise<string> {
  const content = (ordinal: number) =>
    ContentAdded({ planId, contentId: randomUUID(), ordinal, title: 'Thể chế', illustrative: true });
  await append(
    planId,
    PlanDrafted({
      planId,
      standingAgencyId: agencyId,
      issuerId: agencyId,
      title: 'Kế hoạch',
      year: 2022,
      purposes: [],
      requirements: [],
    }),
    content(1),
  );
  const issued = { planId, issuerId: agencyId, number: '211', symbol: 'KH-UBND', issuedOn: '2022-03-31' };
  await append(planId, content(2), PlanIssued(issued));
  return planId;
}

/** As decisions look it up. */
const known = async (planId: string): Promise<KnownPlan | undefined> =>
  (await fromTable(own, plansKnowledge.schema, knownPlan)([planId])).get(planId) as KnownPlan | undefined;

const followed = () =>
  eventually(async () =>
    expect(await projector.checkpoints()).toMatchObject([{ position: await log.head() }]),
  );

/** Plans are issued one after the other, and one that is known is looked up all the time, while work is done. */
async function whileUsed(planId: string, work: () => Promise<void>): Promise<string[]> {
  const issued: string[] = [];
  let over = false;
  const issuing = async () => {
    while (!over) issued.push(await issuePlan());
  };
  const asking = async () => {
    for (; !over; await breath()) expect(await known(planId)).toMatchObject({ issued: true });
  };
  const used = Promise.all([issuing(), asking()]);
  // It is waited for below; a failure before that must not count as unhandled.
  used.catch(() => undefined);
  try {
    await work();
  } finally {
    over = true;
  }
  await used;
  return issued;
}

it('is made anew, exchanged and brought back while it is kept up to date and decisions look at it', async () => {
  const planId = await issuePlan();
  for (let n = 0; n < 50; n += 1) await issuePlan();
  await followed();
  const issued = await whileUsed(planId, async () => {
    const { generation, comparison } = await new Rebuild(side).run();
    expect(generation).toMatchObject({ number: 2, schemaName: 'known', state: 'live' });
    expect(comparison).toMatchObject({ differences: 0 });
    expect(await checkDrift(side)).toMatchObject({ differences: 0 });
    expect((await rollBack(side)).generation.number).toBe(1);
    expect(await checkDrift(side)).toMatchObject({ differences: 0 });
  });
  await followed();
  expect(issued.length).toBeGreaterThan(0);
  for (const one of issued)
    expect(await known(one)).toMatchObject({ issued: true, content_ids: { length: 2 } });
  expect(await checkDrift(side)).toMatchObject({ differences: 0, positions: { planning: await log.head() } });
  await discardGeneration(side, 2);
  const states = (await new GenerationRegistry(side).list(own.pool)).map(({ state }) => state);
  expect(states).toEqual(['live', 'discarded']);
  expect(failures).toEqual([]);
});

it('a row that was altered by hand is found, and mended by a rebuild', async () => {
  const planId = await issuePlan();
  await followed();
  await own.pool.query('UPDATE known.plan SET issued = false, content_ids = $2 WHERE plan_id = $1', [
    planId,
    [],
  ]);
  expect(await checkDrift(side)).toMatchObject({
    differences: 1,
    examples: [
      { table: 'plan', kind: 'altered', key: { plan_id: planId }, columns: ['issued', 'content_ids'] },
    ],
  });
  await new Rebuild(side).run();
  expect(await known(planId)).toMatchObject({ issued: true, content_ids: { length: 2 } });
  expect(await checkDrift(side)).toMatchObject({ differences: 0 });
});

it('is made of the log of planning only, whatever else is at hand', () => {
  const logs = { planning: log, reporting: own };
  expect(Object.keys(knowledgeSide('knowing', plansKnowledge, { ...side, logs }).logs)).toEqual([
    planning.context,
  ]);
});
