import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { eventually } from '@loa/testing';
import { LeadershipLost, RelayLease, type LeaseTimes } from './relay-lease.js';
import { TestSource } from './testing/test-source.js';

jest.setTimeout(30_000);
const within = 20_000;
const TOPIC = 'loa.leased.events';
/** Nobody waits for the end of this one. */
const long: LeaseTimes = { leaseMs: 3_600_000, hangsAfterMs: 3_600_000 };
/** Not renewed at all: it has always been idle for too long. */
const hanging: LeaseTimes = { leaseMs: 200, hangsAfterMs: -1 };

let source: TestSource;
const leases: RelayLease[] = [];

beforeEach(async () => {
  source = await TestSource.open('leased');
});
afterEach(async () => {
  await Promise.all(leases.splice(0).map((lease) => lease.close()));
  await source.close();
});

async function contender(times: LeaseTimes = long): Promise<RelayLease> {
  const lease = await RelayLease.connect(source.access.runtime, TOPIC, times);
  leases.push(lease);
  return lease;
}
const wins = (lease: RelayLease) =>
  eventually(
    async () => {
      const term = await lease.tryToLead(4);
      expect(term).toBeDefined();
      return term!;
    },
    { within },
  );
const progress = { position: 7, tails: [7, 0, 0, 0] };

it('has one leader', async () => {
  const [first, second] = [await contender(), await contender()];
  expect(await first.tryToLead(4)).toEqual({ position: 0, tails: [0, 0, 0, 0], epoch: 1, restored: [] });
  expect(await second.tryToLead(4)).toBeUndefined();
});

it('is free as soon as the session of the leader has ended, and the next one goes on from its checkpoint', async () => {
  const [first, second] = [await contender(), await contender()];
  await wins(first);
  await first.checkpoint(progress);
  await first.close();
  expect(await wins(second)).toEqual({ ...progress, epoch: 2, restored: [] });
});

it('is renewed for as long as the leader works', async () => {
  const first = await contender({ leaseMs: 1_000, hangsAfterMs: 3_600_000 });
  await wins(first);
  const lasts = async () => {
    const [row] = await source.asOwner<{ until: Date }>('SELECT lease_until AS until FROM es.relay');
    return row!.until.getTime();
  };
  const begun = await lasts();
  await eventually(async () => expect(await lasts()).toBeGreaterThan(begun + 2_000), { within });
  expect(first.lost.aborted).toBe(false);
});

it('passes to another when the leader keeps its session and does nothing, and that one cannot move the place any more', async () => {
  const [first, second] = [await contender(hanging), await contender()];
  await wins(first);
  expect(await wins(second)).toMatchObject({ epoch: 2 });
  await expect(first.checkpoint(progress)).rejects.toThrow(LeadershipLost);
  await second.checkpoint({ position: 9, tails: [9, 0, 0, 0] });
  expect(await source.asOwner('SELECT position::int, epoch::int FROM es.relay')).toEqual([
    { position: 9, epoch: 2 },
  ]);
});

it('is free when the clock of the database was set back by days: a lease never lasts that long', async () => {
  const [first, second] = [await contender({ ...hanging, leaseMs: 1_000 }), await contender(hanging)];
  await wins(first);
  await source.asOwner(`UPDATE es.relay SET lease_until = lease_until + interval '2 days' RETURNING 1`);
  expect(await wins(second)).toMatchObject({ epoch: 2 });
});

it('is given up by a leader that gets nothing done', async () => {
  const first = await contender(hanging);
  await wins(first);
  await eventually(() => expect(first.lost.aborted).toBe(true), { within });
  expect(String(first.lost.reason)).toContain('has got nothing done');
});

it('is lost by a leader that does not publish, when another has taken over', async () => {
  const first = await contender({ leaseMs: 400, hangsAfterMs: 3_600_000 });
  await wins(first);
  await source.asOwner('UPDATE es.relay SET epoch = epoch + 1');
  await eventually(() => expect(first.lost.reason).toBeInstanceOf(LeadershipLost), { within });
});

it('asks no clock but that of the database', async () => {
  const first = await contender({ leaseMs: 60_000, hangsAfterMs: 3_600_000 });
  const now = jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2099, 0));
  try {
    await wins(first);
    const [row] = await source.asOwner<{ fair: boolean }>(
      `SELECT lease_until BETWEEN clock_timestamp() AND clock_timestamp() + interval '61 s' AS fair FROM es.relay`,
    );
    expect(row).toEqual({ fair: true });
    expect(await (await contender()).tryToLead(4)).toBeUndefined();
  } finally {
    now.mockRestore();
  }
});
