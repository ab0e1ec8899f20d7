import { parseArgs } from 'node:util';
import type { KafkaKind } from './schedule/schedule.js';

export interface Options {
  readonly seeds: number;
  readonly from: number;
  /** No new seed is begun after so many. */
  readonly seconds: number;
  readonly kafka: KafkaKind;
}

const kinds: readonly KafkaKind[] = ['none', 'one', 'three'];

/** `npm run faults -- [--seeds 20] [--from 1] [--seconds S] [--kafka none|one|three]` @throws on anything else */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '20' },
      from: { type: 'string', default: '1' },
      seconds: { type: 'string' },
      kafka: { type: 'string', default: 'none' },
    },
  });
  const kafka = kinds.find((kind) => kind === values.kafka);
  if (!kafka) throw new Error(`--kafka is ${kinds.join(', ')}, not ${values.kafka}`);
  return {
    seeds: wholeNumber('seeds', values.seeds),
    from: wholeNumber('from', values.from),
    seconds: values.seconds === undefined ? Infinity : wholeNumber('seconds', values.seconds),
    kafka,
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1e9)
    throw new Error(`--${name} is a whole number from 1 on, not ${text}`);
  return value;
}

/** The command that runs one seed again. */
export const commandFor = (seed: number, kafka: KafkaKind): string =>
  `npm run faults -- --from ${seed} --seeds 1 --kafka ${kafka}`;
