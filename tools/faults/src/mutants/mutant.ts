import type { FailPointName } from '@loa/fail-points';
import type { FaultKind } from '../schedule/faults.js';
import type { KafkaKind } from '../schedule/schedule.js';

/** An exact piece of a file, found once, and what stands there instead. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** What must notice. */
export type Suite =
  /** Paths for Jest. */
  | { readonly jest: readonly string[]; readonly kafka?: boolean }
  /** Seeds of `npm run faults` in which this fault happens, or a process trips over this point. */
  | { readonly faults: FaultKind | FailPointName; readonly kafka: KafkaKind };

/** The program with one promise taken out. A suite that stays green with it does not hold the program to that promise. */
export interface Mutant {
  readonly name: string;
  readonly edits: readonly Edit[];
  readonly killedBy: Suite;
}

/** @throws when the text is not there, or more than once: then the mutant must follow the program */
export function applied(text: string, { file, from, to }: Edit): string {
  const parts = text.split(from);
  if (parts.length !== 2)
    throw new Error(
      `${file} holds ${parts.length - 1} times, not once:\n${from}\nThe mutant has to follow it.`,
    );
  return parts.join(to);
}

export const nameOfSuite = (suite: Suite): string =>
  'jest' in suite ? suite.jest.join(' ') : `faults: ${suite.faults}, Kafka ${suite.kafka}`;
