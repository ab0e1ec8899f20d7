import { toPosition } from '@loa/database';
import type { Admin } from 'kafkajs';
import { saysBroker } from './kafka-errors.js';

/** See {@link PublishedUpTo}. */
const PROOF = 4;
const AGAIN_AFTER_MS = 10_000;

/**
 * Up to which instant everything recorded is published, from nothing but how many records a heartbeat topic holds. A
 * relay sends one when a look at its log left nothing to publish, and that look began after its record before was
 * acknowledged. So when two records of one relay came after some instant, the look of the second began after it. Beside
 * those there may be one of another relay that was frozen since its look, and one that was given up as lost and arrives
 * all the same: of any four records one is of a look that began after the question before them. No clock is asked but
 * that of this process.
 */
export class PublishedUpTo {
  /** By how many records there were, only the last look that found so many; the first one is what is proved, if anything. */
  private looks: { readonly at: number; readonly records: number }[] = [];
  private againAt = -Infinity;

  /**
   * @param topic of the heartbeats
   * @param onMissing told about every 10 s why nothing can be learned
   */
  constructor(
    private readonly topic: string,
    private readonly onMissing: (error: Error) => void,
  ) {}

  /**
   * Asks the brokers once more. What is published by {@link instant} is in the topic of the events when this resolves.
   * @throws kafkajs errors, but not because the topic is missing
   */
  async ask(admin: Pick<Admin, 'fetchTopicOffsets'>): Promise<void> {
    const at = performance.now();
    if (at < this.againAt) return;
    try {
      const ends = await admin.fetchTopicOffsets(this.topic);
      this.look(
        at,
        ends.reduce((sum, { high }) => sum + toPosition(high), 0),
      );
    } catch (error) {
      const why = whyNever(error);
      if (why === undefined) throw error;
      this.againAt = performance.now() + AGAIN_AFTER_MS;
      this.onMissing(
        new Error(`how fresh what is read here is cannot be told: the topic ${this.topic} ${why}`, {
          cause: error,
        }),
      );
    }
  }

  /** @param at when the question was sent */
  look(at: number, records: number): void {
    const before = this.looks.at(-1)?.records ?? 0;
    // The topic was made anew.
    if (records < before) this.forget();
    if (records === before) this.looks.pop();
    this.looks.push({ at, records });
    const proved = this.looks.findLastIndex((look) => look.records + PROOF <= records);
    if (proved > 0) this.looks.splice(0, proved);
  }

  /** The topic of the events was made anew: what was said of it holds no more. */
  forget(): void {
    this.looks = [];
  }

  /** On the clock of `performance.now()`; undefined: not known yet. */
  get instant(): number | undefined {
    const [first] = this.looks;
    return first && first.records + PROOF <= this.looks.at(-1)!.records ? first.at : undefined;
  }
}

/** What somebody has to do; undefined: nothing, it may pass. */
function whyNever(error: unknown): string | undefined {
  if (saysBroker(error, 'UNKNOWN_TOPIC_OR_PARTITION'))
    return 'does not exist: create it with tools/kafka/src/create-topics.ts';
  if (saysBroker(error, 'TOPIC_AUTHORIZATION_FAILED'))
    return 'may not be looked at: let the user of this process describe it';
  return undefined;
}
