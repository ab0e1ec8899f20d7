import type { StandaloneProcess } from '@loa/outside';
import { captured } from './capture.js';
import type { Document } from './documents.js';
import type { Statement } from './statements.js';

/** As the gateway's own sessions: no zone but UTC, and short questions are not compiled. */
const SESSION = `options=${encodeURIComponent('-c TimeZone=UTC -c jit=off')}`;

type Question = Pick<Document, 'name' | 'query' | 'variables'>;

/** To its read database, with the session settings of the gateway. */
export const asTheGateway = async (standalone: StandaloneProcess): Promise<string> =>
  `${await standalone.adminUrl('loa_read')}?${SESSION}`;

export const bodyOf = ({ query, variables }: Question) => ({ query, variables });

/** @returns the data of the answer @throws when there are errors */
export async function graphqlAnswer(url: string, question: Question): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(bodyOf(question)),
    signal: AbortSignal.timeout(30_000),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  if (errors !== undefined) throw new Error(`${question.name}: ${JSON.stringify(errors)}`);
  return data;
}

/** What the gateway asks its database for a question. @throws when nothing certain is heard */
export async function sqlOf(
  question: Question,
  graphql: string,
  standalone: StandaloneProcess,
): Promise<Statement[]> {
  const { statements } = await captured(standalone, () => graphqlAnswer(graphql, question));
  return statements;
}
