import { unsettledAt } from './settled.js';
import type { FreshnessRow } from './standing.sql.js';

const context = (changes: Partial<FreshnessRow>): FreshnessRow => ({
  context: 'planning',
  position: 7,
  recordedAt: '2022-06-01T00:00:00Z',
  caughtUpAt: '2022-06-30T17:00:10.000999+00:00',
  secondsBehind: 0,
  parked: 0,
  parkedSince: null,
  notUnderstood: 0,
  ...changes,
});
const why = (asOf: string, changes: Partial<FreshnessRow> = {}) =>
  unsettledAt(asOf, [context(changes)]).map((one) => one.why);

describe('what a context had recorded by an instant is', () => {
  it('final as soon as everything of then was there for ten seconds', () => {
    expect(why('2022-06-30T17:00:00.000Z')).toEqual([]);
  });

  it('late before, also when the instant is yet to come, or nothing is known', () => {
    expect(why('2022-06-30T17:00:00.001Z')).toEqual(['LATE']);
    expect(why('2999-01-01T00:00:00.000Z')).toEqual(['LATE']);
    expect(why('1999-01-01T00:00:00.000Z', { caughtUpAt: null })).toEqual(['LATE']);
  });

  it('not all there when something recorded by then is parked, and not when it is later', () => {
    const changes = { parked: 1, parkedSince: '2022-05-01T00:00:00+00:00' };
    expect(why('2022-05-01T00:00:00.000Z', changes)).toEqual(['PARKED']);
    expect(why('2022-04-30T23:59:59.999Z', changes)).toEqual([]);
  });

  it('not all there when events were not understood: nobody knows of when they are', () => {
    expect(why('2022-01-01T00:00:00.000Z', { notUnderstood: 2 })).toEqual(['NOT_UNDERSTOOD']);
  });
});

it('every context is judged by itself', () => {
  const rows = [context({}), context({ context: 'reporting', caughtUpAt: null })];
  expect(unsettledAt('2022-06-30T17:00:00Z', rows)).toEqual([{ context: 'reporting', why: 'LATE' }]);
});
