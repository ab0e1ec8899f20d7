import { chanceOf } from './chance.js';
import { at, isWorkingDay, lateFrom, localMonth, officeTimeAfter, rfc3339 } from './local-time.js';

describe('time in Vietnam', () => {
  it('begins the day at 17:00Z of the day before', () => {
    expect(rfc3339(at('2022-09-15T00:00'))).toBe('2022-09-14T17:00:00.000Z');
    expect(localMonth(at('2022-10-01T00:00'))).toBe('10/2022');
  });

  it.each([
    ['2022-06-14T23:59', '2022-06-18T00:00'],
    ['2022-06-15T00:00', '2022-07-18T00:00'],
    ['2022-12-14T23:59', '2022-12-18T00:00'],
    ['2022-12-15T00:00', '2023-01-18T00:00'],
  ])('what ends %s is late from %s', (ended, late) => {
    expect(rfc3339(lateFrom(at(ended)))).toBe(rfc3339(at(late)));
  });

  it('keeps offices closed on weekends and holidays', () => {
    expect(isWorkingDay(at('2022-09-02T09:00'))).toBe(false);
    expect(isWorkingDay(at('2022-09-03T09:00'))).toBe(false);
    expect(isWorkingDay(at('2022-09-05T00:00'))).toBe(true);
  });

  it('finds a minute in office hours that is later', () => {
    const chance = chanceOf('office hours');
    for (let n = 0; n < 200; n += 1) {
      const after = at('2022-04-28T16:00') + n * 7_654_321;
      const found = officeTimeAfter(after, chance);
      expect(found).toBeGreaterThan(after);
      expect(isWorkingDay(found)).toBe(true);
      expect(rfc3339(found).slice(11, 16) >= '00:30' && rfc3339(found).slice(11, 16) <= '09:50').toBe(true);
    }
  });
});
