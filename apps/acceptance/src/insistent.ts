import type { CommandContract } from '@loa/event-sourcing';
import { isAccepted, Unworded, type Accepted, type Client } from '@loa/outside';
import { eventually } from '@loa/testing';
import { randomUUID } from 'node:crypto';

interface Acknowledged {
  readonly contract: CommandContract;
  readonly input: unknown;
  readonly idempotencyKey: string;
  readonly answer: Accepted;
}

/** Something that was acknowledged is gone, or was done twice. */
export class Lost extends Error {}

const ANSWERED_WITHIN_MS = 60_000;

/**
 * Sends until there is an answer, as a client with a weak line does (the key makes that safe), and keeps every answer
 * to hold the system to it.
 */
export class Insistent {
  private readonly acknowledgements: Acknowledged[] = [];
  private tries = 0;
  private sending = 0;

  constructor(private readonly client: Client) {}

  get acknowledged(): number {
    return this.acknowledgements.length;
  }

  /** Commands that are on their way at this moment. */
  get underWay(): number {
    return this.sending;
  }

  /** Tries that brought no answer so far. */
  get interrupted(): number {
    return this.tries - this.acknowledged - this.sending;
  }

  /** @throws Lost when it is refused: what it stands on was acknowledged, so something is gone or was done twice */
  async send(contract: CommandContract, input: unknown): Promise<Accepted> {
    const idempotencyKey = randomUUID();
    this.sending += 1;
    const answer = await eventually(
      () => {
        this.tries += 1;
        return this.granted(contract, input, idempotencyKey);
      },
      {
        within: ANSWERED_WITHIN_MS,
        unless: (error) => error instanceof Lost || error instanceof Unworded,
      },
    ).finally(() => (this.sending -= 1));
    this.acknowledgements.push({ contract, input, idempotencyKey, answer });
    return answer;
  }

  /** Sends everything that was acknowledged once more: each gets the answer that it got. */
  async repeatAll(): Promise<void> {
    for (const { contract, input, idempotencyKey, answer } of this.acknowledgements) {
      expect(await this.granted(contract, input, idempotencyKey)).toEqual(answer);
    }
  }

  private async granted(
    contract: CommandContract,
    input: unknown,
    idempotencyKey: string,
  ): Promise<Accepted> {
    const answer = await this.client.command(contract, input, { idempotencyKey });
    if (!isAccepted(answer)) throw new Lost(`${contract.name}: ${JSON.stringify(answer)}`);
    return answer;
  }
}
