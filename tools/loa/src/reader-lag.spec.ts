import { lagOf } from './reader-lag.js';

const at = (...positions: number[]) => positions.map((position, partition) => ({ partition, position }));
const behind = (reached: number, eventsBehind: number) => ({ reached, eventsBehind, eventsAhead: 0 });

it('counts from the one place of a reader that tails the log', () => {
  expect(lagOf(10, null, at(7))).toEqual(behind(7, 3));
  expect(lagOf(10, null, [])).toEqual(behind(0, 10));
});

it('of a reader of partitions: the least place that is behind what was sent there', () => {
  const relay = { position: 9, tails: [4, 9, 0] };
  expect(lagOf(9, relay, at(4, 9))).toEqual(behind(9, 0));
  expect(lagOf(12, relay, at(4, 9))).toEqual(behind(9, 3));
  expect(lagOf(12, relay, at(4, 6))).toEqual(behind(6, 6));
  expect(lagOf(12, relay, at(4))).toEqual(behind(0, 12));
});

it('tells how far a reader stands beyond the end of the log', () => {
  expect(lagOf(10, null, at(13))).toEqual({ reached: 13, eventsBehind: 0, eventsAhead: 3 });
  const relay = { position: 9, tails: [4, 9] };
  expect(lagOf(9, relay, at(4, 14))).toEqual({ reached: 9, eventsBehind: 0, eventsAhead: 5 });
});
