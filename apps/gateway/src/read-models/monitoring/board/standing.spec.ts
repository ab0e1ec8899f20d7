import fc from 'fast-check';
import { standings, standOf, type Duty, type Tally } from './standing.js';

const duty = (more: Partial<Duty> = {}): Duty => ({
  contentId: 'c1',
  role: 'lead',
  mode: 'assigned',
  deadlineKind: 'by-date',
  deadlineDate: '2022-11-30',
  deadlineYear: null,
  targetQuantity: null,
  targetChannelId: null,
  ...more,
});
const tally = (more: Partial<Tally> = {}): Tally => ({
  contentId: 'c1',
  channelId: 'h1',
  drafted: 0,
  submitted: 0,
  returned: 0,
  verified: 0,
  verifiedQuantity: 0,
  ...more,
});
const on = (day: string, tallies: Tally[], more: Partial<Duty> = {}, binding = true) =>
  standOf(duty(more), tallies, { on: day, binding }).standing;
const before = '2022-11-29';
const after = '2022-12-01';

describe('an assigned lead', () => {
  it.each<[string, Tally[], string, string]>([
    ['nothing recorded, time left', [], before, 'NOT_STARTED'],
    ['nothing recorded, on the last day', [], '2022-11-30', 'NOT_STARTED'],
    ['nothing recorded, the day after', [], after, 'LATE'],
    ['a draft, time left', [tally({ drafted: 1 })], before, 'UNDER_WAY'],
    ['submitted but not verified, too late', [tally({ submitted: 1 })], after, 'LATE'],
    ['returned, time left', [tally({ returned: 1 })], before, 'UNDER_WAY'],
    ['one verified', [tally({ verified: 1, verifiedQuantity: 1 })], before, 'FULFILLED'],
    [
      'one verified, long after the deadline',
      [tally({ verified: 1, verifiedQuantity: 1 })],
      '2025-01-01',
      'FULFILLED',
    ],
    ['verified for another content only', [tally({ contentId: 'c2', verified: 3 })], after, 'LATE'],
  ])('%s', (_, tallies, day, standing) => expect(on(day, tallies)).toBe(standing));

  it.each<[Partial<Duty>, string, string]>([
    [{ deadlineKind: 'year', deadlineDate: null, deadlineYear: 2022 }, '2022-12-31', 'NOT_STARTED'],
    [{ deadlineKind: 'year', deadlineDate: null, deadlineYear: 2022 }, '2023-01-01', 'LATE'],
    [{ deadlineKind: 'continuous', deadlineDate: null }, '2030-01-01', 'NOT_STARTED'],
    [{ deadlineKind: 'recurring', deadlineDate: null }, '2030-01-01', 'NOT_STARTED'],
    [{ deadlineKind: 'after-event', deadlineDate: null }, '2030-01-01', 'NOT_STARTED'],
    [{ deadlineKind: 'separate-plan', deadlineDate: null }, '2030-01-01', 'NOT_STARTED'],
    [{ deadlineKind: 'none', deadlineDate: null }, '2030-01-01', 'NOT_STARTED'],
  ])('only a date or a year can pass: %j on %s is %s', (deadline, day, standing) =>
    expect(on(day, [], deadline)).toBe(standing),
  );

  it('of a plan that is not issued is never late', () =>
    expect(on(after, [], {}, false)).toBe('NOT_STARTED'));
});

describe('a target', () => {
  const four = { targetQuantity: 4 };

  it('without a channel counts verified activities, whatever their quantity', () => {
    expect(on(before, [tally({ verified: 3, verifiedQuantity: 90 })], four)).toBe('UNDER_WAY');
    expect(on(before, [tally({ verified: 3 }), tally({ channelId: 'h2', verified: 1 })], four)).toBe(
      'FULFILLED',
    );
  });

  it('with a channel adds the quantity of verified activities in that channel', () => {
    const inPapers = { targetQuantity: 4, targetChannelId: 'h2' };
    const verified = [
      tally({ verified: 9, verifiedQuantity: 9 }),
      tally({ channelId: 'h2', verified: 1, verifiedQuantity: 3 }),
    ];
    expect(standOf(duty(inPapers), verified, { on: before, binding: true })).toEqual({
      standing: 'UNDER_WAY',
      verified: 10,
      reached: 3,
    });
    expect(on(before, [tally({ channelId: 'h2', verified: 1, verifiedQuantity: 4 })], inPapers)).toBe(
      'FULFILLED',
    );
  });

  it('that is not reached in time is late, though something is verified', () =>
    expect(on(after, [tally({ verified: 3 })], four)).toBe('LATE'));

  it('of 0 expects nothing, so nothing is missing', () =>
    expect(on(after, [], { targetQuantity: 0 })).toBe('FULFILLED'));
});

describe('a requested body', () => {
  it('that reports nothing is neither late nor missing', () =>
    expect(on(after, [], { mode: 'requested' })).toBe('INVITED'));
  it.each(['drafted', 'submitted', 'returned', 'verified'] as const)(
    'takes part with one activity %s',
    (status) => expect(on(after, [tally({ [status]: 1 })], { mode: 'requested' })).toBe('TAKING_PART'),
  );
});

it('a coordinator coordinates, whatever is asked and done', () => {
  expect(on(after, [], { role: 'coordinator' })).toBe('COORDINATING');
  expect(on(after, [tally({ verified: 4 })], { role: 'coordinator', mode: 'requested' })).toBe(
    'COORDINATING',
  );
});

it('as days go by, nobody becomes better; as activities are verified, nobody becomes worse', () => {
  const rank = (standing: string) => ['LATE', 'NOT_STARTED', 'UNDER_WAY', 'FULFILLED'].indexOf(standing);
  const day = fc
    .integer({ min: 0, max: 800 })
    .map((n) => new Date(Date.UTC(2022, 0, 1 + n)).toISOString().slice(0, 10));
  const target = fc.option(fc.nat({ max: 5 }), { nil: null });
  fc.assert(
    fc.property(
      day,
      day,
      target,
      fc.nat({ max: 5 }),
      fc.nat({ max: 5 }),
      (a, b, targetQuantity, verified, more) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        const standing = (when: string, n: number) =>
          rank(on(when, [tally({ drafted: 1, verified: n })], { targetQuantity }));
        expect(standing(late, verified)).toBeLessThanOrEqual(standing(early, verified));
        expect(standing(late, verified + more)).toBeGreaterThanOrEqual(standing(late, verified));
      },
    ),
  );
});

it('every standing can be told apart', () => expect(new Set(standings).size).toBe(7));
