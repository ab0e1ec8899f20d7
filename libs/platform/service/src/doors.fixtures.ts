import {
  accept,
  decider,
  decision,
  evolveBy,
  language,
  refuse,
  text,
  type EventOf,
} from '@loa/event-sourcing';
import { eventStoreMigrations } from '@loa/event-store';
import { z } from 'zod';
import type { ContextDefinition } from './context.js';

const { command, event } = language('testing', {
  shut: { vi: 'Đã đóng cửa, hãy quay lại sau.', en: 'It is shut, come back later.' },
});
const Knock = command('Knock', {
  meaning: 'Knock at a door.',
  target: 'doorId',
  input: z.object({ doorId: z.uuid(), words: text(200) }),
  refusals: ['shut'],
});
const Knocked = event('Knocked', 1, 'Somebody knocked. Stream: the door.', z.object({ words: z.string() }));
const doors = decider<number>({
  aggregate: 'door',
  initial: 0,
  evolve: evolveBy<number, EventOf<typeof Knocked>>({ Knocked: (knocks) => knocks + 1 }),
  decisions: [
    decision(Knock, {}, ({ words }, _knocks: number) => {
      if (words === 'bug') throw new Error('a bug with a secret in it');
      return words === 'late' ? refuse('shut') : accept(Knocked({ words }));
    }),
  ],
});

/** A context of doors, at which people knock. */
export const definition: ContextDefinition = {
  name: 'testing',
  deciders: [doors],
  events: [Knocked],
  schema: { migrations: eventStoreMigrations },
  lookups: () => ({}),
};
