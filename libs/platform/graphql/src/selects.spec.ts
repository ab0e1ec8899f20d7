import { buildSchema, graphql, type GraphQLResolveInfo } from 'graphql';
import { selects } from './selects.js';

const schema = buildSchema(`
  type Query { plans: Page }
  type Page { edges: [Edge], total: Int }
  type Edge { node: Plan }
  interface Named { name: String }
  type Plan implements Named { name: String, progress: Progress }
  type Progress { done: Int, due: Int }
`);

async function asks(
  source: string,
  path: string,
  variableValues: Record<string, unknown> = {},
): Promise<boolean> {
  let answer: boolean | undefined;
  const plans = (_args: unknown, _context: unknown, asked: GraphQLResolveInfo) => {
    answer = selects(asked, path);
    return null;
  };
  const { errors } = await graphql({ schema, source, rootValue: { plans }, variableValues });
  if (errors || answer === undefined) throw new Error(`the operation failed: ${String(errors)}`);
  return answer;
}

const deep = 'edges.node.progress.done';

it('sees a field that is asked for, and none that is not', async () => {
  expect(await asks('{ plans { edges { node { progress { done } } } } }', deep)).toBe(true);
  expect(await asks('{ plans { edges { node { progress { due } } } } }', deep)).toBe(false);
  expect(await asks('{ plans { edges { node { progress { due } } } } }', 'edges.node.progress')).toBe(true);
  expect(await asks('{ plans { total } }', 'edges')).toBe(false);
});

it('goes by the names of fields, not by aliases', async () => {
  expect(await asks('{ plans { total: edges { node { name } } } }', 'edges')).toBe(true);
  expect(await asks('{ plans { edges: total } }', 'edges')).toBe(false);
});

it('looks through fragments', async () => {
  const spread = `{ plans { ...page } } fragment page on Page { edges { node { ... on Named { ... on Plan { ...more } } } } }
    fragment more on Plan { progress { done } }`;
  expect(await asks(spread, deep)).toBe(true);
  expect(await asks(spread, 'edges.node.name')).toBe(false);
});

it('sees what a field asked for twice asks for the second time', async () =>
  expect(await asks('{ plans { total } plans { edges { node { progress { done } } } } }', deep)).toBe(true));

it('minds @skip and @include, with variables and on fragments', async () => {
  const query =
    'query ($on: Boolean!, $off: Boolean = true) { plans { edges { node { progress @include(if: $on) { done @skip(if: $off) } } } } }';
  expect(await asks(query, deep, { on: true, off: false })).toBe(true);
  expect(await asks(query, deep, { on: false, off: false })).toBe(false);
  expect(await asks(query, deep, { on: true })).toBe(false);
  expect(await asks('{ plans { ... @include(if: false) { total } } }', 'total')).toBe(false);
  expect(await asks('{ plans { ...f @skip(if: true) } } fragment f on Page { total }', 'total')).toBe(false);
});
