import { lagOf } from './reader-lag.js';

it('counts from the one place of a reader that tails the log', () => {
  expect(lagOf(10, null, [{ partition: 0, position: 7 }])).toEqual({ reached: 7, eventsBehind: 3 });
  expect(lagOf(10, null, [])).toEqual({ reached: 0, eventsBehind: 10 });
});

it('of a reader of partitions: the least place that is behind what was sent there', () => {
  const relay = { position: 9, tails: [4, 9, 0] };
  const at = (...positions: number[]) => positions.map((position, partition) => ({ partition, position }));
  expect(lagOf(9, relay, at(4, 9))).toEqual({ reached: 9, eventsBehind: 0 });
  expect(lagOf(12, relay, at(4, 9))).toEqual({ reached: 9, eventsBehind: 3 });
  expect(lagOf(12, relay, at(4, 6))).toEqual({ reached: 6, eventsBehind: 6 });
  expect(lagOf(12, relay, at(4))).toEqual({ reached: 0, eventsBehind: 12 });
});
