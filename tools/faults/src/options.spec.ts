import { commandFor, readOptions } from './options.js';

it('are what is asked for, or what is usual', () => {
  expect(readOptions([])).toEqual({ seeds: 20, from: 1, seconds: Infinity, kafka: 'none' });
  expect(readOptions(['--seeds', '200', '--from', '7', '--seconds', '60', '--kafka', 'three'])).toEqual({
    seeds: 200,
    from: 7,
    seconds: 60,
    kafka: 'three',
  });
});

it.each([[['--seeds', '0']], [['--seeds', 'many']], [['--kafka', 'two']], [['--what']]])(
  'refuses %s',
  (args) => expect(() => readOptions(args)).toThrow(),
);

it('repeats a seed by the command it prints', () => {
  const [, args] = commandFor(17, 'one').split(' -- ');
  expect(readOptions(args!.split(' '))).toEqual({ seeds: 1, from: 17, seconds: Infinity, kafka: 'one' });
});
