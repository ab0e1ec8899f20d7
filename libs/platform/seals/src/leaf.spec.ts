import { chained, chainStart, hashOf } from './leaf.js';

const event = {
  position: 1,
  streamId: '3ea41618-77e2-599f-b0b7-b211b5d1bfb3',
  version: 1,
  eventId: '0198c0de-0000-7000-8000-000000000001',
  type: 'reporting.ActivityDrafted',
  schemaVersion: 1,
  data: '{"title":"Niêm yết công khai thủ tục hành chính"}',
  meta: '{}',
  recordedAt: '2022-05-17T02:37:00.000Z',
};

// Written down once: another value would make every log that is sealed already look altered.
it('the hash of an event is the same for ever', () =>
  expect(hashOf(event).toString('hex')).toBe(
    'd214a46df6b60c0f6a9d5cfa82958344b4b126393c3cff7534a5502157cf9e53',
  ));
it('so is the chain over it', () =>
  expect(chained(chainStart, hashOf(event)).toString('hex')).toBe(
    'eeb875366ede9a4f5208663719a4d832f25b7b690a73d5a66fa4d176198344db',
  ));

it.each(Object.keys(event) as (keyof typeof event)[])('no byte of %s can change without it', (field) => {
  const value = event[field];
  const other = { ...event, [field]: typeof value === 'number' ? value + 1 : `${value} ` };
  expect(hashOf(other).equals(hashOf(event))).toBe(false);
});

it('nor can a byte move from one field to the next', () =>
  expect(
    hashOf({ ...event, data: '{}', meta: '{}{}' }).equals(hashOf({ ...event, data: '{}{}', meta: '{}' })),
  ).toBe(false));
