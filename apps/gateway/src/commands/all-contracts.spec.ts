import { monitoring } from '@loa/contracts-monitoring';
import { planning } from '@loa/contracts-planning';
import { reporting } from '@loa/contracts-reporting';
import { reasonsOf } from '@loa/event-sourcing';
import { commandSchema, edgeTypeDefs, printedSchema } from '@loa/graphql';
import { buildSchema, printType, validateSchema } from 'graphql';

const contexts = [planning, reporting, monitoring];
const derived = commandSchema(contexts);
const typeDefs = [edgeTypeDefs, derived.typeDefs, 'extend type Query { nothing: Boolean }'];
const schema = buildSchema(typeDefs.join('\n'));
const contracts = contexts.flatMap(({ commands }) => [...commands]);

it('every contract there is makes a valid schema', () => expect(validateSchema(schema)).toEqual([]));

it.each(contracts.map((contract) => [contract.name, contract] as const))(
  '%s is a mutation',
  (name, contract) => {
    const field = schema.getMutationType()?.getFields()[name.slice(0, 1).toLowerCase() + name.slice(1)];
    expect(field?.description).toBe(contract.meaning);
    expect(Object.values(derived.enums[`${name}Refusal`] ?? {})).toEqual(Object.keys(reasonsOf(contract)));
  },
);

it('is told like this, for one of them', () => {
  const types = [
    'AttachEvidenceInput',
    'StoredFileInput',
    'AttachEvidenceRefused',
    'AttachEvidenceResult',
    'AttachEvidenceRefusal',
  ];
  expect(types.map((type) => printType(schema.getType(type)!)).join('\n\n')).toMatchSnapshot();
  expect(String(schema.getMutationType()?.getFields()['attachEvidence']?.type)).toBe('AttachEvidenceResult!');
});

it('prints the same text whatever the order of its parts', () => {
  const [edge, commands, queries] = typeDefs as [string, string, string];
  const printed = printedSchema([edge, commands, queries]);
  expect(printedSchema([queries, commands, edge])).toBe(printed);
  expect(() => buildSchema(printed)).not.toThrow();
});
