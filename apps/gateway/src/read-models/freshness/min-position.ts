import { badUserInput, decodeCursor, encodeCursor } from '@loa/graphql';
import { z } from 'zod';

/** The effect of a command, as a place that a read model must have come to. */
export interface MinPosition {
  readonly context: string;
  readonly position: number;
  readonly streamId: string;
}

const form = {
  list: 'min-position',
  keys: z.tuple([z.string(), z.int().min(1), z.uuid()]),
  argument: 'minPosition',
};

/** As opaque text, for the answer of a command. */
export const minPositionText = ({ context, position, streamId }: MinPosition): string =>
  encodeCursor([context, position, streamId], form.list);

/**
 * What a client sent back.
 * @param contexts the names of all contexts
 * @throws GraphQLError BAD_USER_INPUT when no command can have answered with it
 */
export function minPositionIn(text: string, contexts: readonly string[]): MinPosition {
  const keys = keysIn(text);
  if (keys && contexts.includes(keys[0])) return { context: keys[0], position: keys[1], streamId: keys[2] };
  throw badUserInput(
    {
      vi: '«minPosition» không phải giá trị mà một lệnh đã trả về. Gửi lại nguyên văn «minPosition» của lệnh, hoặc bỏ trống.',
      en: '"minPosition" is not what a command has answered with. Send "minPosition" of its answer as it is, or leave it out.',
    },
    form.argument,
  );
}

function keysIn(text: string): [string, number, string] | undefined {
  try {
    return decodeCursor<[string, number, string]>(text, form);
  } catch {
    return undefined;
  }
}
