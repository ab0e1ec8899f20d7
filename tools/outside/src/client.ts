import type { CommandContract } from '@loa/event-sourcing';
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { mustBeWorded } from './wording.js';

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly retryable?: boolean;
    readonly messages?: { readonly vi: string; readonly en: string };
  };
}

/** How far the rows were that an answer was made of; said of questions that ask for a `minPosition`, or as of an instant. */
export interface Freshness {
  readonly stale: boolean;
  readonly positions?: readonly {
    readonly context: string;
    readonly stale: boolean;
    readonly why?: string;
  }[];
}

export interface GraphqlAnswer<T> {
  readonly data?: T | null;
  readonly errors?: readonly GraphqlError[];
  readonly extensions?: { readonly freshness?: Freshness };
}

/** Something the system says to people, in both languages. */
export interface Said {
  readonly code: string;
  readonly field: string | null;
  readonly vi: string;
  readonly en: string;
}

export interface Accepted {
  readonly __typename: 'CommandAccepted';
  readonly id: string;
  readonly version: number;
  readonly position: number;
  /** For questions that must show the effect; null: a service of an earlier release does not say it. */
  readonly minPosition: string | null;
  readonly warnings: readonly Said[];
}

export interface Refused extends Said {
  readonly __typename: string;
}

export interface Envelope {
  readonly idempotencyKey?: string;
  readonly expectedVersion?: number;
  readonly occurredAt?: string;
}

/** No answer of the system: it said "not now", or that it does not understand. */
export class Unanswered extends Error {
  constructor(readonly errors: readonly GraphqlError[]) {
    super(errors.map(({ message }) => message).join('; '));
  }
}

/** A command that should have been granted was refused. */
export class NotAccepted extends Error {
  constructor(
    command: string,
    readonly refusal: Refused,
  ) {
    super(`${command} was refused: ${JSON.stringify(refusal)}`);
  }
}

const ANSWERS_WITHIN_MS = 30_000;

// The API spells enum values in capitals.
const enums = new Set(['kind', 'level', 'mode', 'audience', 'audiences', 'measure']);
const spelled = (value: unknown, field = ''): unknown => {
  if (Array.isArray(value)) return value.map((inner) => spelled(inner, field));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spelled(inner, key)]));
  }
  return typeof value === 'string' && enums.has(field) ? value.toUpperCase().replaceAll('-', '_') : value;
};

const mutationOf = (
  name: string,
) => `mutation ${name}($input: ${name}Input!, $key: ID, $version: Int, $at: DateTime) {
  answer: ${name[0]!.toLowerCase()}${name.slice(1)}(
    input: $input, idempotencyKey: $key, expectedVersion: $version, occurredAt: $at
  ) {
    __typename
    ... on CommandAccepted {
      id version position minPosition warnings { code field vi: message(lang: VI) en: message(lang: EN) }
    }
    ... on ${name}Refused { code field vi: message(lang: VI) en: message(lang: EN) }
  }
}`;

/**
 * Talks to Loa as a front end does: GraphQL over kept-alive HTTP connections. Whatever Loa refuses it must put into
 * words for people: every refusal, warning and error that passes here is held to that.
 */
export class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  /** @param operatorToken sent with everything, for what only operators may ask */
  constructor(
    readonly url: string,
    private readonly operatorToken?: string,
  ) {}

  /** Ends the connections that wait for a next use. */
  close(): void {
    this.agent.destroy();
  }

  /** @throws Unworded; Error of node:http when the connection breaks, or no answer comes within half a minute */
  async ask<T>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<GraphqlAnswer<T>> {
    const answer = JSON.parse(await this.post(JSON.stringify({ query, variables }))) as GraphqlAnswer<T>;
    for (const { extensions } of answer.errors ?? []) {
      mustBeWorded({ code: extensions?.code, ...extensions?.messages });
    }
    return answer;
  }

  /** @throws Unanswered, and what {@link ask} throws */
  async query<T>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const { data, errors } = await this.ask<T>(query, variables);
    if (errors || !data) throw new Unanswered(errors ?? [{ message: 'no data' }]);
    return data;
  }

  /** @throws Unanswered when there was no answer: the same key may be sent again */
  async command(
    { name }: CommandContract,
    input: unknown,
    envelope: Envelope = {},
  ): Promise<Accepted | Refused> {
    const { answer } = await this.query<{ answer: Accepted | Refused }>(mutationOf(name), {
      input: spelled(input),
      key: envelope.idempotencyKey ?? randomUUID(),
      version: envelope.expectedVersion,
      at: envelope.occurredAt,
    });
    for (const said of isAccepted(answer) ? answer.warnings : [answer]) mustBeWorded(said);
    return answer;
  }

  /** A command that must be granted. @throws NotAccepted when it is refused */
  async accepted(contract: CommandContract, input: unknown, envelope: Envelope = {}): Promise<Accepted> {
    const answer = await this.command(contract, input, envelope);
    if (!isAccepted(answer)) throw new NotAccepted(contract.name, answer);
    return answer;
  }

  /** A command that must be refused. @throws when it is granted */
  async refused(contract: CommandContract, input: unknown, envelope: Envelope = {}): Promise<Refused> {
    const answer = await this.command(contract, input, envelope);
    if (isAccepted(answer)) throw new Error(`${contract.name} was granted`);
    return answer;
  }

  private post(body: string): Promise<string> {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      'content-length': Buffer.byteLength(body),
      ...(this.operatorToken !== undefined && { authorization: `Bearer ${this.operatorToken}` }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.url}/graphql`,
        { method: 'POST', headers, agent: this.agent, timeout: ANSWERS_WITHIN_MS },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
          response.once('error', reject);
        },
      );
      sent.once('timeout', () => sent.destroy(new Error(`no answer within ${ANSWERS_WITHIN_MS} ms`)));
      sent.once('error', reject);
      sent.end(body);
    });
  }
}

export const isAccepted = (answer: Accepted | Refused): answer is Accepted =>
  answer.__typename === 'CommandAccepted';
