import { monitoring } from '@loa/contracts-monitoring';
import { planning } from '@loa/contracts-planning';
import { reporting } from '@loa/contracts-reporting';
import { commandSchema, edgeTypeDefs, printedSchema } from '@loa/graphql';
import { buildSchema, isObjectType, validateSchema } from 'graphql';
import { readModelProjections, readModelResolvers, readModelSdl, readModelTables } from './read-models.js';

const contexts = [planning, reporting, monitoring];
const typeDefs = [edgeTypeDefs, commandSchema(contexts).typeDefs, ...readModelSdl];
const schema = buildSchema(typeDefs.join('\n\n'));

it('every event of every context is turned into rows', () => {
  const handled = new Set(readModelProjections.flatMap(({ handlers }) => [...handlers.keys()]));
  const events = [...planning.events, ...reporting.events, ...monitoring.events].map(({ type }) => type);
  expect([...handled].sort()).toEqual([...events].sort());
});

it('no two projections write to one table', () => {
  const names = readModelTables.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

it('the schema stands with that of the commands', () => {
  expect(validateSchema(schema)).toEqual([]);
  expect(() => printedSchema(typeDefs)).not.toThrow();
});

it.each(['asOf', 'minPosition'])(
  'every query takes %s, but for the one about how fresh they are',
  (argument) => {
    const queries = Object.values(schema.getQueryType()?.getFields() ?? {});
    expect(
      queries.filter(({ args }) => !args.some(({ name }) => name === argument)).map(({ name }) => name),
    ).toEqual(['freshness']);
  },
);

it('every query has a method that answers it, and every method a query', () => {
  const methods = readModelResolvers.flatMap(({ prototype }) =>
    Object.getOwnPropertyNames(prototype)
      .map((name) => Reflect.get(prototype, name) as object)
      .map((method) => Reflect.getMetadata('graphql:resolver_name', method) as unknown)
      .filter((name) => name !== undefined),
  );
  expect(new Set(methods)).toEqual(new Set(Object.keys(schema.getQueryType()?.getFields() ?? {})));
});

it('whoever pages is told how', () => {
  const connections = Object.values(schema.getTypeMap()).filter(({ name }) => name.endsWith('Connection'));
  expect(connections.length).toBeGreaterThan(0);
  for (const type of connections) {
    expect(isObjectType(type) && Object.keys(type.getFields())).toEqual(['edges', 'pageInfo', 'totalCount']);
  }
});
