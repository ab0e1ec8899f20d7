import { programmeDay, programmeTime } from './programme-day.js';

it.each([
  ['2022-03-14T16:59:59.999Z', '2022-03-14', '14/03/2022 23:59'],
  ['2022-03-14T17:00:00.000Z', '2022-03-15', '15/03/2022 00:00'],
  ['2021-12-31T17:00:00.000Z', '2022-01-01', '01/01/2022 00:00'],
  ['2022-05-10T11:30:00+07:00', '2022-05-10', '10/05/2022 11:30'],
])('%s is %s, %s', (instant, day, time) => {
  expect(programmeDay(instant)).toBe(day);
  expect(programmeTime(instant)).toBe(time);
});
