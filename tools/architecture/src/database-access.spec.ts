import { sourcesOf, workspaces } from './workspaces.js';

/** Where sessions may be opened, each with the reason; elsewhere `openPool` of `@loa/database` gives them time limits. */
const opening: Readonly<Record<string, string>> = {
  'libs/platform/database/src/pool.ts': 'openPool itself',
  'libs/platform/projections/src/generation-sessions.ts':
    'statements of a rebuild may take as long as they need',
};

const making = /new (?:pg\.)?Pool\(/;
const parsing = /setTypeParser/;
const sources = (await Promise.all((await workspaces()).map(sourcesOf)))
  .flat()
  // Tests look at the same database from the side.
  .filter(({ path }) => !/\.(?:spec|fixtures)\.ts$/.test(path));
const matching = (pattern: RegExp) =>
  sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

it.each(['new pg.Pool({ max: 1 })', 'new Pool(options)'])('%s opens sessions', (text) =>
  expect(text).toMatch(making),
);
it.each(['pg.types.setTypeParser(20, Number)', 'setTypeParser(20, Number)'])(
  '%s changes what columns become',
  (text) => expect(text).toMatch(parsing),
);

it('only the places with a reason open sessions of their own', () =>
  expect(matching(making).sort()).toEqual(Object.keys(opening).sort()));

it('nobody changes, for the whole process, what a column becomes: bigint stays text until it is read as a position', () =>
  expect(matching(parsing)).toEqual([]));
