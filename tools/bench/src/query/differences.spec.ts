import { differences } from './differences.js';

it.each([
  [{ a: 1 }, { a: 1, more: 2 }],
  [{ status: 'AS_WRITTEN' }, { status: 'as-written' }],
  [{ at: '2022-06-01T00:00:00.000Z' }, { at: '2022-06-01T07:00:00+07:00' }],
  [[{ a: null }], [{ a: null }]],
])('%j says the same as %j', (answer, source) => expect(differences(answer, source)).toEqual([]));

it.each([
  [{ a: 1 }, { a: 2 }, ['data.a: 1, not 2']],
  [{ a: 1 }, {}, ['data.a: 1, not undefined']],
  [{ a: [1, 2] }, { a: [1] }, ['data.a: 2 items, not 1']],
  [{ a: [{ b: 'Họ' }] }, { a: [{ b: 'họ' }] }, ['data.a.0.b: "Họ", not "họ"']],
  [{ a: null }, { a: {} }, ['data.a: null, not {}']],
])('%j differs from %j', (answer, source, found) => expect(differences(answer, source)).toEqual(found));
