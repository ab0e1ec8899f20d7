import { encodeCursor } from '@loa/graphql';
import { minPositionIn, minPositionText } from './min-position.js';

const streamId = '00000000-0000-4000-8000-00000000000a';
const contexts = ['planning', 'reporting'];
const list = 'min-position';

it('comes back as it was sent', () => {
  const effect = { context: 'planning', position: 2 ** 40, streamId };
  expect(minPositionIn(minPositionText(effect), contexts)).toEqual(effect);
});

it.each([
  ['nothing', ''],
  ['a number', '12'],
  ['a page cursor', encodeCursor(['planning', 1, streamId], 'plans')],
  ['a context that does not exist', encodeCursor(['accounting', 1, streamId], list)],
  ['a position before the first', encodeCursor(['planning', 0, streamId], list)],
  ['a position that no log has', encodeCursor(['planning', 2 ** 60, streamId], list)],
  ['half a position', encodeCursor(['planning', 1.5, streamId], list)],
  ['no stream', encodeCursor(['planning', 1, 'x'], list)],
  ['a damaged one', minPositionText({ context: 'planning', position: 1, streamId }).slice(0, -2)],
])('%s is refused in both languages', (_, text) => {
  expect(() => minPositionIn(text, contexts)).toThrow(
    expect.objectContaining({
      extensions: {
        code: 'BAD_USER_INPUT',
        argument: 'minPosition',
        messages: {
          vi: expect.stringContaining('minPosition') as string,
          en: expect.stringContaining('not what a command has answered with') as string,
        },
      },
    }) as Error,
  );
});
