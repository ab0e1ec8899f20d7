import type { CommandAnswer, CommandContract, CommandEnvelope } from '@loa/event-sourcing';
import { insist, NoAnswer, type CommandSender, type Insistence } from '@loa/graphql';
import { z } from 'zod';

export interface HttpCommandSenderOptions extends Insistence {
  /** Context → where its service listens, e.g. `http://planning:3000`. */
  readonly services: Readonly<Record<string, string>>;
  /** How long one try may take, in milliseconds. */
  readonly tryMs?: number;
}

const localized = z.object({ vi: z.string(), en: z.string() });
const notice = z.object({ code: z.string(), message: localized, field: z.string().exactOptional() });
const answers = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('accepted'),
    id: z.string(),
    version: z.int(),
    position: z.int(),
    // A release before this one does not say it.
    streamId: z.string().default(''),
    warnings: z.array(notice),
  }),
  z.object({
    status: z.literal('refused'),
    ...notice.shape,
    details: z.record(z.string(), z.union([z.string(), z.number()])).exactOptional(),
  }),
]);

const overloadedOrAway: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Sends commands to the services of their contexts: `POST <service>/commands/<Name>`. */
export class HttpCommandSender implements CommandSender {
  constructor(private readonly options: HttpCommandSenderOptions) {}

  send(contract: CommandContract, envelope: CommandEnvelope): Promise<CommandAnswer> {
    return insist(contract, () => this.once(contract, envelope), this.options);
  }

  private async once(contract: CommandContract, envelope: CommandEnvelope): Promise<CommandAnswer> {
    const { idempotencyKey, ...body } = envelope;
    const address = this.address(contract);
    let status: number;
    let text: string;
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'idempotency-key': idempotencyKey,
        },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(this.options.tryMs ?? 5_000),
      });
      status = response.status;
      text = await response.text();
    } catch (cause) {
      throw new NoAnswer('the connection failed or took too long', { cause, passing: true });
    }
    // Any other 5xx is a fault that the next try would meet again; what became of the command is not known either way.
    if (overloadedOrAway.has(status) || status >= 500) {
      throw new NoAnswer(`status ${status}`, { passing: overloadedOrAway.has(status) });
    }
    return answerIn(text, status, contract);
  }

  private address({ context, name }: CommandContract): string {
    const service = this.options.services[context];
    if (service === undefined) throw new Error(`where the service of ${context} listens is not configured`);
    return `${service.replace(/\/+$/, '')}/commands/${name}`;
  }
}

/** @throws Error when it is no answer of a command door: a mistake of ours or a wrong address, which no retry mends */
function answerIn(text: string, status: number, { context, name }: CommandContract): CommandAnswer {
  const parsed = answers.safeParse(json(text));
  if (parsed.success && (parsed.data.status === 'accepted') === status < 300) return parsed.data;
  throw new Error(
    `${context} answered ${name} with status ${status} and what is not the answer of a command`,
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
