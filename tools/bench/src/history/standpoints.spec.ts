import { asOf, asOfQuestion, over } from './standpoints.js';

it('asks the same as of an instant', () =>
  expect(
    asOfQuestion(
      { name: 'plan', query: 'query Plan($id: ID!) { plan(id: $id) { title } }', variables: { id: 'a' } },
      '2022-06-01T00:00:00Z',
    ),
  ).toEqual({
    name: 'plan as of',
    query: 'query Plan($asOf: DateTime, $id: ID!) { plan(asOf: $asOf, id: $id) { title } }',
    variables: { id: 'a', asOf: '2022-06-01T00:00:00Z' },
  }));

it('moves statements to a copy of the tables', () => {
  const statement = { sql: 'SELECT * FROM read."plan", read."plan_history"', values: ['read."plan"'] };
  expect(over('copy', [statement])).toEqual([
    { sql: 'SELECT * FROM copy."plan", copy."plan_history"', values: ['read."plan"'] },
  ]);
  expect(() => over('copy', [{ sql: 'SELECT 1', values: [] }])).toThrow('no read table');
});

it('moves statements to another instant, however it was written', () => {
  const statement = { sql: 'SELECT $1, $2, $3', values: ['7', null, '2022-06-01T07:00:00.000+07:00'] };
  const other = { sql: 'SELECT $1', values: ['gateway'] };
  const [moved, ...rest] = asOf('2023-01-01T00:00:00Z', '2022-06-01T00:00:00Z', [other, statement]);
  expect([moved?.values, rest]).toEqual([['7', null, '2023-01-01T00:00:00Z'], []]);
  expect(() => asOf('2023-01-01T00:00:00Z', '2021-06-01T00:00:00Z', [statement])).toThrow('as of');
});
