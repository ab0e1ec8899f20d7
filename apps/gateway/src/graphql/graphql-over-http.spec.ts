import { auditServer } from 'graphql-http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { tinyGateway } from './tiny-gateway.module.js';

let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  ({ app, url } = await tinyGateway());
});
afterAll(() => app.close());

/** The suite of the graphql-http package, which others wrote: all of MUST, SHOULD and MAY. */
it('is GraphQL over HTTP as the specification has it: 61 of 61', async () => {
  const results = await auditServer({
    url,
    // Cross-site request forgery prevention stays on: a browser could not send this header from elsewhere unasked.
    fetchFn: (input: string, init?: RequestInit) =>
      fetch(input, { ...init, headers: { ...(init?.headers as object), 'apollo-require-preflight': '1' } }),
  });
  const failed = results
    .filter(({ status }) => status !== 'ok')
    .map(({ id, name, status }) => `${id} ${name}: ${status}`);
  expect(failed).toEqual([]);
  expect(results).toHaveLength(61);
});
