import type { CommandContract } from '@loa/event-sourcing';
import { randomUUID } from 'node:crypto';

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly retryable?: boolean;
    readonly messages?: { readonly vi: string; readonly en: string };
  };
}

export interface GraphqlAnswer<T> {
  readonly data?: T | null;
  readonly errors?: readonly GraphqlError[];
}

export interface Accepted {
  readonly __typename: 'CommandAccepted';
  readonly id: string;
  readonly version: number;
  readonly position: number;
  readonly warnings: readonly { readonly code: string; readonly field: string | null }[];
}

export interface Refused {
  readonly __typename: string;
  readonly code: string;
  readonly field: string | null;
  readonly vi: string;
  readonly en: string;
}

export interface Envelope {
  readonly idempotencyKey?: string;
  readonly expectedVersion?: number;
  readonly occurredAt?: string;
}

/** No answer of the system: it said "not now", or said nothing. */
export class Unanswered extends Error {
  constructor(readonly errors: readonly GraphqlError[]) {
    super(errors.map(({ message }) => message).join('; '));
  }
}

// The API spells enum values in capitals.
const enums = new Set(['kind', 'level', 'mode', 'audience', 'audiences', 'measure']);
const spelled = (value: unknown, field = ''): unknown => {
  if (Array.isArray(value)) return value.map((inner) => spelled(inner, field));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spelled(inner, key)]));
  }
  return typeof value === 'string' && enums.has(field) ? value.toUpperCase().replaceAll('-', '_') : value;
};

/** Talks to Loa as a front end does: over HTTP, in GraphQL. */
export class Client {
  constructor(readonly url: string) {}

  async ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<GraphqlAnswer<T>> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(30_000),
    });
    return (await response.json()) as GraphqlAnswer<T>;
  }

  /** @throws Unanswered */
  async query<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const { data, errors } = await this.ask<T>(query, variables);
    if (errors || !data) throw new Unanswered(errors ?? [{ message: 'no data' }]);
    return data;
  }

  /** @throws Unanswered when there was no answer: the same key may be sent again */
  async command(
    contract: CommandContract,
    input: unknown,
    envelope: Envelope = {},
  ): Promise<Accepted | Refused> {
    const { name } = contract;
    const field = name[0]!.toLowerCase() + name.slice(1);
    const document = `mutation ($input: ${name}Input!, $key: ID, $version: Int, $at: DateTime) {
      answer: ${field}(input: $input, idempotencyKey: $key, expectedVersion: $version, occurredAt: $at) {
        __typename
        ... on CommandAccepted { id version position warnings { code field } }
        ... on ${name}Refused { code field vi: message(lang: VI) en: message(lang: EN) }
      }
    }`;
    const { answer } = await this.query<{ answer: Accepted | Refused }>(document, {
      input: spelled(input),
      key: envelope.idempotencyKey ?? randomUUID(),
      version: envelope.expectedVersion,
      at: envelope.occurredAt,
    });
    return answer;
  }

  /** A command that must be granted. @throws when it is refused */
  async accepted(contract: CommandContract, input: unknown, envelope: Envelope = {}): Promise<Accepted> {
    const answer = await this.command(contract, input, envelope);
    if (answer.__typename !== 'CommandAccepted') {
      throw new Error(`${contract.name} was refused: ${JSON.stringify(answer)}`);
    }
    return answer as Accepted;
  }

  /** A command that must be refused. @throws when it is granted */
  async refused(contract: CommandContract, input: unknown, envelope: Envelope = {}): Promise<Refused> {
    const answer = await this.command(contract, input, envelope);
    if (answer.__typename === 'CommandAccepted') throw new Error(`${contract.name} was granted`);
    return answer as Refused;
  }
}
