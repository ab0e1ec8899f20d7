import type { CommandContract } from '@loa/event-sourcing';
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

interface Answer<T> {
  readonly data?: T;
  readonly errors?: readonly { readonly message: string }[];
}

export interface Accepted {
  readonly id: string;
  readonly version: number;
}

/** A command was not granted, or not answered. */
export class NotAccepted extends Error {
  constructor(
    command: string,
    readonly code: string,
  ) {
    super(`${command} was refused: ${code}`);
  }
}

// The API spells enum values in capitals.
const enums = new Set(['kind', 'level', 'mode', 'audience']);
const spelled = (value: unknown, field = ''): unknown => {
  if (Array.isArray(value)) return value.map((inner) => spelled(inner, field));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spelled(inner, key)]));
  }
  return typeof value === 'string' && enums.has(field) ? value.toUpperCase().replaceAll('-', '_') : value;
};

/** Talks GraphQL over kept-alive connections, with as little of its own as can be: it runs beside what it measures. */
export class GraphqlClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(private readonly url: string) {}

  close(): void {
    this.agent.destroy();
  }

  /** @throws Error with what the server said of an operation that it did not carry out */
  async ask<T>(query: string, variables: Readonly<Record<string, unknown>>): Promise<T> {
    const { data, errors } = JSON.parse(await this.post(JSON.stringify({ query, variables }))) as Answer<T>;
    if (errors || data === undefined) throw new Error(errors?.map(({ message }) => message).join('; '));
    return data;
  }

  /** @throws NotAccepted */
  async command({ name }: CommandContract, input: object): Promise<Accepted> {
    const document = `mutation ${name}($input: ${name}Input!, $key: ID) {
      answer: ${name[0]!.toLowerCase()}${name.slice(1)}(input: $input, idempotencyKey: $key) {
        ... on CommandAccepted { id version } ... on ${name}Refused { code } } }`;
    const variables = { input: spelled(input), key: randomUUID() };
    const { answer } = await this.ask<{ answer: Accepted | { code: string } }>(document, variables);
    if ('code' in answer) throw new NotAccepted(name, answer.code);
    return answer;
  }

  private post(body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        'content-length': Buffer.byteLength(body),
      };
      const sent = request(
        `${this.url}/graphql`,
        { method: 'POST', headers, agent: this.agent, timeout: 20_000 },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
          response.once('error', reject);
        },
      );
      sent.once('timeout', () => sent.destroy(new Error('no answer within 20 s')));
      sent.once('error', reject);
      sent.end(body);
    });
  }
}
