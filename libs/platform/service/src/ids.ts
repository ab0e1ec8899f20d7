import { v5 } from 'uuid';

// Fixed for ever: ids that were derived once must come out the same again.
const EVENT_SPACE = 'a3d0c3b2-8f0e-4a54-9d5e-5a7c3a1f0e11';
const STREAM_SPACE = '5b1f2c9e-1f43-4d6b-9a39-0c7f5a2b7d22';
const MINTED_SPACE = 'e7c1a9d4-6a0b-4f43-8a0c-9b6d1e5f4c33';

/** The id of the n-th event of a command: the same command again makes the same ids. */
export const eventId = (commandKey: string, index: number): string =>
  v5(`${index}:${commandKey}`, EVENT_SPACE);

/** The stream of a thing: its own id, or for a thing that is named by several ids, one made of them all. */
export const streamIdOf = (aggregate: string, target: readonly string[]): string =>
  target.length === 1 ? target[0]! : v5([aggregate, ...target].join(':'), STREAM_SPACE);

/** The id of a thing whose maker did not choose one: the same command again names the same thing. */
export const mintedId = (commandKey: string): string => v5(commandKey, MINTED_SPACE);
