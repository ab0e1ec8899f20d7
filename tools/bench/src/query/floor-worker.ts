import { openPool } from '@loa/database';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import { answerCalls } from '../system/worker.js';
import type { Statement } from './statements.js';

export interface FloorCall {
  readonly connectionString: string;
  /** Of each question; question n is answered at `/n`. */
  readonly questions: readonly (readonly Statement[])[];
}

/** The least that an answer can cost: the same SQL, prepared, its JSON handed on as the text it came as. */
function serve({ connectionString, questions }: FloorCall): Promise<string> {
  const pool = openPool({ connectionString, applicationName: 'loa-bench-floor' });
  const server = createServer((request, response) => {
    const question = questions[Number(request.url?.slice(1))];
    if (!question) return end(response, 404, 'no such question');
    request.resume();
    answer(pool, question, request.url!).then(
      (text) => end(response, 200, text),
      (error: unknown) => end(response, 500, String(error)),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

const asText: pg.CustomTypesConfig = { getTypeParser: () => (text: unknown) => text };

async function answer(pool: pg.Pool, statements: readonly Statement[], name: string): Promise<string> {
  const texts: string[] = [];
  for (const [index, { sql, values }] of statements.entries()) {
    const { rows } = await pool.query<[string | null]>({
      name: `${name}/${index}`,
      text: sql,
      values: [...values],
      rowMode: 'array',
      types: asText,
    });
    texts.push(rows[0]?.[0] ?? 'null');
  }
  return texts.length === 1 ? texts[0]! : `[${texts.join(',')}]`;
}

answerCalls({ serve });
