import { type Client } from '@loa/outside';
import { storyQueries } from '@loa/standalone/story-queries';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shortenedAs } from './shortened.js';

const page = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'README.md');

interface Shown {
  readonly query: string;
  /** As JSON; parts may be left out, see `shortenedAs`. */
  readonly answer: string;
}

/** What the README shows: every query, with the answer below it. */
const shown: readonly Shown[] = [
  ...(await readFile(page, 'utf8')).matchAll(/^```graphql\n([\s\S]*?)^```(?:\n\n```json\n([\s\S]*?)^```)?/gm),
].map(([, query = '', answer = '']) => ({ query, answer }));

/** The words of a query: the same for two that differ in white space, commas and comments only. */
const wordsOf = (query: string): string =>
  (query.match(/"[^"\n]*"|#[^\n]*|\.\.\.|\w+|[^\s\w,]/g) ?? [])
    .filter((word) => !word.startsWith('#'))
    .join(' ');

const nameOf = (query: string): string =>
  storyQueries.find((one) => wordsOf(one.query) === wordsOf(query))?.name ?? `no story query: ${query}`;

/** The ready-made queries work on the demo world, and the README shows some of them with the answers they get. */
export function readmeHolds(client: () => Client): void {
  it.each(storyQueries)('the explorer has a query that works: $name', async ({ query }) => {
    expect(await client().query(query)).toEqual(expect.anything());
  });

  it('the README shows queries, each of them one of the explorer, no two the same', () => {
    const names = shown.map(({ query }) => nameOf(query));
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !storyQueries.some((one) => one.name === name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(shown.map((one) => ({ ...one, name: nameOf(one.query) })))(
    'the README shows the answer that comes: $name',
    async ({ query, answer }) => {
      const told = JSON.parse(answer) as unknown;
      expect(shortenedAs(told, await client().ask(query))).toEqual(told);
    },
  );
}
