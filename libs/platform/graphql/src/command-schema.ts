import { reasonsOf, type CommandContract } from '@loa/event-sourcing';
import { InputTypes } from './input-types.js';
import { described, enumResolver, enumType, enumValues, lowerFirst, type EnumValue } from './sdl.js';

/** What a context promises: as exported by the contract libraries. */
export interface ContextContract {
  readonly context: string;
  readonly commands: readonly CommandContract[];
}

/** How one mutation leads to one command. */
export interface CommandRoute {
  readonly contract: CommandContract;
  /** The GraphQL type of a refusal, e.g. `SubmitActivityRefused`. */
  readonly refusedType: string;
  /** The input as the contract wants it: what the client set to null is left out. */
  readonly toInput: (args: Readonly<Record<string, unknown>>) => unknown;
}

export interface CommandSchema {
  /** SDL; it extends Mutation and stands on {@link edgeTypeDefs}. */
  readonly typeDefs: string;
  /** By the name of the mutation, e.g. `submitActivity`. */
  readonly routes: ReadonlyMap<string, CommandRoute>;
  /** For the resolvers of the schema: enum type → name → the value in the contract. */
  readonly enums: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const answerTypes = `
"""
The command was carried out.
"""
type CommandAccepted {
  """
  The thing the command was about.
  """
  id: ID!
  """
  How many events that thing has by now: send it as expectedVersion to act on just this state.
  """
  version: Int!
  """
  The place in the event log of the context: a query that has come this far shows the effect.
  """
  position: Position!
  """
  Send it as minPosition with the next question, and its answer shows the effect of this command.
  """
  minPosition: String
  """
  Things worth a look; the command was carried out all the same.
  """
  warnings: [CommandWarning!]!
}

"""
Something worth a look.
"""
type CommandWarning {
  """
  Stable, e.g. not-assigned.
  """
  code: String!
  """
  The field of the input it is about, as a path.
  """
  field: String
  """
  What it means; in the language asked for, else in the one of Accept-Language, else in Vietnamese.
  """
  message(lang: Lang): String!
}

"""
The command was not carried out, for a reason that was to be expected. Each command has its own closed list of them.
"""
interface CommandRefused {
  """
  The field of the input to mend, as a path such as held.from.
  """
  field: String
  """
  What went wrong and what to do; in the language asked for, else in the one of Accept-Language, else in Vietnamese.
  """
  message(lang: Lang): String!
}
`;

/**
 * The mutation half of a schema, derived from command contracts: one mutation a command.
 * @throws Error naming the command and the field, when a contract cannot be told in GraphQL
 */
export function commandSchema(contexts: readonly ContextContract[]): CommandSchema {
  const inputs = new InputTypes();
  const routes = new Map<string, CommandRoute>();
  const refusals = new Map<string, readonly EnumValue[]>();
  const parts: string[] = [];
  for (const contract of contexts.flatMap(({ commands }) => commands)) {
    const field = lowerFirst(contract.name);
    const other = routes.get(field)?.contract;
    if (other)
      throw new Error(`${other.context} and ${contract.context} both have a command ${contract.name}`);
    routes.set(field, {
      contract,
      refusedType: `${contract.name}Refused`,
      toInput: ({ input }) => withoutNulls(input),
    });
    const reasons = refusalValues(contract);
    refusals.set(`${contract.name}Refusal`, reasons);
    parts.push(
      commandTypes(contract, inputs.add(contract.name, contract.input, mintedField(contract)), reasons),
    );
  }
  return {
    typeDefs: [answerTypes, ...inputs.definitions, ...parts].join('\n\n'),
    routes,
    enums: Object.fromEntries(
      [...inputs.enums, ...refusals].map(([name, values]) => [name, enumResolver(values)]),
    ),
  };
}

/** Only the first field of the target is minted; the rest name things that exist. */
function mintedField({ creates, target }: CommandContract): Readonly<Record<string, string>> {
  const [field] = target;
  return creates && field !== undefined
    ? { [field]: 'Left out: a new one is made from the idempotency key.' }
    : {};
}

function refusalValues(contract: CommandContract): readonly EnumValue[] {
  const reasons = reasonsOf(contract);
  return enumValues(Object.keys(reasons), `${contract.name}: refusals`).map((value) => {
    const description = reasons[value.value]?.en;
    return description === undefined ? value : { ...value, description };
  });
}

function commandTypes(
  { name, meaning }: CommandContract,
  input: string,
  reasons: readonly EnumValue[],
): string {
  return `${enumType(`${name}Refusal`, reasons, `Why ${name} was refused.`)}

type ${name}Refused implements CommandRefused {
  code: ${name}Refusal!
  field: String
  message(lang: Lang): String!
}

union ${name}Result = CommandAccepted | ${name}Refused

extend type Mutation {
${described(meaning, '  ')}  ${lowerFirst(name)}(
    input: ${input}!
    """
    The same key again means the same command again: it is carried out once and answered the same. 1 to 200
    characters, best a new UUID when the person begins. Left out: one is made, and sending again is not safe.
    """
    idempotencyKey: ID
    """
    Refuse when the thing is no longer at this version.
    """
    expectedVersion: Int
    """
    When it happened, for what is entered later than it happened. Left out: now.
    """
    occurredAt: DateTime
  ): ${name}Result!
}`;
}

/** A form sends null for a field left empty, and no contract tells that from leaving the field out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null && inner !== undefined)
      .map(([field, inner]) => [field, withoutNulls(inner)]),
  );
}
