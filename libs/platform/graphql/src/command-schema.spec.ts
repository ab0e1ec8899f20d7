import { calendarDate, id, instant, language, webAddress } from '@loa/event-sourcing';
import {
  buildSchema,
  printType,
  validateSchema,
  type GraphQLInputObjectType,
  type GraphQLSchema,
} from 'graphql';
import { z } from 'zod';
import { commandSchema } from './command-schema.js';
import { edgeTypeDefs } from './edge-types.js';

const { command } = language('workshop', {
  'chair-not-found': { vi: 'Không có ghế này.', en: 'There is no such chair. Say """which""".' },
  'too-many': { vi: 'Quá nhiều.', en: 'Too many.' },
});

const ChairId = id('ChairId', 'A chair.');
const Wood = z.enum(['oak', 'red-cedar']).meta({ id: 'Wood', description: 'What it is made of.' });
const Leg = z
  .object({ length: z.int().min(1).max(200), wood: Wood })
  .meta({ id: 'Leg', description: 'One leg.' });

const MendChair = command('MendChair', {
  meaning: 'Mend a chair.',
  target: 'chairId',
  input: z.object({
    chairId: ChairId,
    maker: ChairId.meta({ description: 'Who made it.' }),
    name: z.string().trim().min(1).max(40),
    note: z.string().optional(),
    page: webAddress.optional(),
    on: calendarDate,
    at: instant,
    seats: z.int().positive().max(9),
    weight: z.number(),
    old: z.boolean().default(false),
    wood: Wood.default('red-cedar'),
    finish: z.enum(['raw', 'waxed']),
    legs: z.array(Leg).min(3).max(4),
    back: z.object({ height: z.int().min(0).max(100) }).optional(),
    helpers: z.array(ChairId).max(5).default([]),
  }),
  refusals: ['chair-not-found'],
});

const BuildChair = command('BuildChair', {
  meaning: 'Build a chair.',
  target: ['chairId', 'makerId'],
  creates: true,
  input: z.object({ chairId: ChairId, makerId: ChairId, leg: Leg }),
  refusals: ['too-many'],
});

const schemaOf = (typeDefs: string): GraphQLSchema =>
  buildSchema(`${edgeTypeDefs}\n${typeDefs}\nextend type Query { nothing: Boolean }`);

const asking = (field: z.ZodType) =>
  commandSchema([
    {
      context: 'workshop',
      commands: [
        command('Ask', {
          meaning: 'Ask.',
          target: 'x',
          input: z.object({ x: z.object({ y: field }) }),
          refusals: [],
        }),
      ],
    },
  ]);

describe('the mutations of command contracts', () => {
  const derived = commandSchema([{ context: 'workshop', commands: [MendChair, BuildChair] }]);
  const schema = schemaOf(derived.typeDefs);

  it('make a valid schema', () => expect(validateSchema(schema)).toEqual([]));

  it('take every kind of field that a contract may have', () => {
    const fields = (schema.getType('MendChairInput') as GraphQLInputObjectType).getFields();
    expect(
      Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, String(type)])),
    ).toEqual({
      chairId: 'ID!',
      maker: 'ID!',
      name: 'String!',
      note: 'String',
      page: 'String',
      on: 'Date!',
      at: 'DateTime!',
      seats: 'Int!',
      weight: 'Float!',
      old: 'Boolean',
      wood: 'Wood',
      finish: 'MendChairFinish!',
      legs: '[LegInput!]!',
      back: 'MendChairBackInput',
      helpers: '[ID!]',
    });
  });

  it('say in words what a type can no longer say', () => {
    const fields = (schema.getType('MendChairInput') as GraphQLInputObjectType).getFields();
    const said = (name: string) => fields[name]?.description;
    expect(said('chairId')).toBe('A chair.');
    expect(said('maker')).toBe('Who made it.');
    expect(said('name')).toBe('1 to 40 characters.');
    expect(said('seats')).toBe('1 to 9.');
    expect(said('legs')).toBe('3 to 4 of them.');
    expect(said('wood')).toBe('Left out: RED_CEDAR.');
    expect(said('helpers')).toBe('Up to 5 of them. Left out: [].');
  });

  it('let only the minted id of a new thing be left out', () => {
    expect(printType(schema.getType('BuildChairInput')!)).toBe(
      'input BuildChairInput {\n' +
        '  """A chair. Left out: a new one is made from the idempotency key."""\n  chairId: ID\n\n' +
        '  """A chair."""\n  makerId: ID!\n  leg: LegInput!\n}',
    );
  });

  it('answer with a union whose refusals are a closed list: those of the contract, then those of the door', () => {
    expect(printType(schema.getType('MendChairResult')!)).toBe(
      'union MendChairResult = CommandAccepted | MendChairRefused',
    );
    const refusal = schema.getType('MendChairRefusal')!;
    expect(printType(refusal)).toContain(
      '"""There is no such chair. Say \\"""which\\"""."""\n  CHAIR_NOT_FOUND',
    );
    expect(Object.keys(derived.enums['MendChairRefusal']!)).toEqual([
      'CHAIR_NOT_FOUND',
      'INVALID_INPUT',
      'VERSION_CONFLICT',
      'IDEMPOTENCY_KEY_REUSED',
      'ID_IN_USE',
    ]);
  });

  it('map the names of enums to the values of the contract', () =>
    expect(derived.enums['Wood']).toEqual({ OAK: 'oak', RED_CEDAR: 'red-cedar' }));

  it('write a type that two commands use once', () =>
    expect(derived.typeDefs.match(/^input LegInput /gm)).toHaveLength(1));

  it('lead to the contract, and take null for a field that was left out', () => {
    const route = derived.routes.get('mendChair')!;
    expect(route.contract).toBe(MendChair);
    expect(
      route.toInput({
        input: { name: 'x', note: null, legs: [{ length: 1, wood: null }] },
        expectedVersion: 3,
      }),
    ).toEqual({ name: 'x', legs: [{ length: 1 }] });
  });
});

describe('a contract that GraphQL cannot tell', () => {
  it.each<[string, z.ZodType]>([
    ['union', z.union([z.string(), z.int()])],
    ['nullable', z.string().nullable()],
    ['nullable', z.string().nullish()],
    ['literal', z.literal('x')],
    ['record', z.record(z.string(), z.string())],
    ['tuple', z.tuple([z.string()])],
    ['any', z.any()],
    ['date', z.date()],
    ['bigint', z.bigint()],
    ['object', z.object({})],
  ])('is refused with the path of its %s', (kind, field) =>
    expect(() => asking(field)).toThrow(`Ask.x.y: there is no GraphQL type for a zod "${kind}" here`),
  );

  it('is refused when a whole number may be too large for an Int', () =>
    expect(() => asking(z.int().min(0))).toThrow('Ask.x.y: a GraphQL Int has 32 bits'));

  it('is refused when two codes have one name', () =>
    expect(() => asking(z.enum(['by-date', 'by_date']))).toThrow(
      '"by-date" and "by_date" would both be BY_DATE',
    ));

  it('is refused when a code makes no name', () =>
    expect(() => asking(z.enum(['1st']))).toThrow('"1st" cannot be the name of a GraphQL enum value'));

  it('is refused when one name means two things', () => {
    const Other = z.object({ wheel: z.boolean() }).meta({ id: 'Other' });
    const Another = z.object({ wheel: z.string() }).meta({ id: 'Another' });
    const taking = (name: string, part: z.ZodType) =>
      command(name, { meaning: name, target: 'part', input: z.object({ part }), refusals: [] });
    const commands = [taking('First', Other), taking('Second', z.object({ Other: Another }))];
    expect(() => commandSchema([{ context: 'workshop', commands }])).not.toThrow();
    const clash = [taking('Other', z.object({ a: z.string() })), taking('First', Other)];
    expect(() => commandSchema([{ context: 'workshop', commands: clash }])).toThrow(
      'First.part: OtherInput is the name of something else already',
    );
  });

  it('is refused when two contexts have a command of one name', () =>
    expect(() =>
      commandSchema([
        { context: 'workshop', commands: [MendChair] },
        { context: 'garden', commands: [{ ...MendChair, context: 'garden' }] },
      ]),
    ).toThrow('workshop and garden both have a command MendChair'));
});
