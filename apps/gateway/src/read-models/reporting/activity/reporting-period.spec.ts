import fc from 'fast-check';
import { reportingPeriod, reportingPeriodOf } from './reporting-period.js';

it.each([
  // The first quarter ends with 14/3, in the calendar of the programme (UTC+7).
  ['2022-03-14T23:59:59+07:00', 2022, '2022-Q1'],
  ['2022-03-15T00:00:00+07:00', 2022, '2022-Q2'],
  ['2022-03-14T16:59:59.999Z', 2022, '2022-Q1'],
  ['2022-03-14T17:00:00Z', 2022, '2022-Q2'],
  // The year ends with 14/12.
  ['2022-12-14T23:59:59+07:00', 2022, '2022-Q4'],
  ['2022-12-15T00:00:00+07:00', 2023, '2023-Q1'],
  ['2022-12-14T17:00:00Z', 2023, '2023-Q1'],
  ['2022-12-20T08:00:00+07:00', 2023, '2023-Q1'],
  ['2022-12-31T23:59:59+07:00', 2023, '2023-Q1'],
  ['2022-01-01T00:00:00+07:00', 2022, '2022-Q1'],
  ['2021-12-15T00:00:00+07:00', 2022, '2022-Q1'],
  // The other quarters.
  ['2022-06-14T12:00:00+07:00', 2022, '2022-Q2'],
  ['2022-06-15T12:00:00+07:00', 2022, '2022-Q3'],
  ['2022-09-14T12:00:00+07:00', 2022, '2022-Q3'],
  ['2022-09-15T12:00:00+07:00', 2022, '2022-Q4'],
  // A leap day.
  ['2024-02-29T12:00:00+07:00', 2024, '2024-Q1'],
])('%s is reported in %i, %s', (instant, year, quarter) =>
  expect(reportingPeriod(instant)).toEqual({ year, quarter }),
);

it('an activity is reported in the period it ended in', () =>
  expect(reportingPeriodOf({ to: '2022-12-15T01:00:00Z' })).toEqual({ year: 2023, quarter: '2023-Q1' }));

it('never goes back as time goes on', () => {
  const time = fc.integer({ min: Date.UTC(2000), max: Date.UTC(2100) });
  const at = (ms: number) => reportingPeriod(new Date(ms).toISOString()).quarter;
  fc.assert(fc.property(time, time, (a, b) => at(Math.min(a, b)) <= at(Math.max(a, b))));
});
