import type { Load } from '../schedule/schedule.js';
import type { Broken } from './contract.js';
import type { Reader } from './tables.migration.js';

/** What a process of the world is told at its start, as JSON in its first argument. */
export interface AppenderPlan {
  readonly name: string;
  readonly seed: number;
  /** Connection string to the log. */
  readonly log: string;
  /** File in which it writes every call and every answer. */
  readonly journal: string;
  readonly load: Load;
  readonly streams: readonly string[];
  /** Broken on purpose: now and then says that something is stored which is not. */
  readonly lies?: boolean;
}

export interface KafkaPlan {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
}

export interface RelayPlan {
  readonly name: string;
  readonly log: string;
  readonly kafka: KafkaPlan;
}

export interface ReaderPlan {
  readonly name: string;
  readonly log: string;
  /** Connection string to where the readers keep their rows. */
  readonly rows: string;
  readonly kafka?: KafkaPlan;
  /** Those who read from the log, though others may read from Kafka. */
  readonly fromLog: readonly Reader[];
  readonly fromKafka: readonly Reader[];
  /** File for what it reads of the log when it just looks on. */
  readonly watch?: string;
  readonly broken?: Broken;
  /** File that is there when the projection is mended. */
  readonly mended: string;
}

/** What a process of the world says to the one that started it. */
export type Word =
  /** It has loaded and begins. */
  | { readonly ready: true }
  /** A relay that leads now, or no longer does. */
  | { readonly leads: boolean }
  /** How far the one who looks on has seen the log. */
  | { readonly seen: number };

export const SOURCE = 'world';

/** What a reader calls itself. Of this run only: Kafka remembers groups. */
export const readerName = (reader: Reader, kafka: KafkaPlan | undefined): string =>
  kafka ? `${reader}-${kafka.topic}` : reader;

/** In a process of the world: its plan, and `finish` when it is told to come to an end. */
export function begin<Plan>(onFinish: () => void = () => undefined): Plan {
  process.on('message', (word) => {
    if (word === 'finish') onFinish();
  });
  // Also when the other one was killed: nobody else would end us.
  process.on('disconnect', () => process.exit(0));
  process.on('SIGINT', () => undefined);
  say({ ready: true });
  return JSON.parse(process.argv[2]!) as Plan;
}

export const say = (word: Word): void => void process.send?.(word);

/** For the log file of the process. */
export const tell = (error: unknown): void =>
  console.error(new Date().toISOString(), error instanceof Error ? error.message : error);
