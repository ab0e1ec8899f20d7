import { z } from 'zod';
import { described, enumType, enumValues, isName, upperFirst, upperSnake, type EnumValue } from './sdl.js';

/** What zod's JSON Schema of an input may hold; anything else is a kind that has no GraphQL type. */
interface Shape {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly prefixItems?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** Our own mark: the kind of the zod schema, for messages. */
  readonly 'x-kind'?: string;
}

const LARGEST_INT = 2 ** 31 - 1;

/** Where the walk is: which definitions `$ref` points at, and what to call a nested type that has no name. */
interface Place {
  readonly definitions: Readonly<Record<string, Shape>>;
  /** For messages, e.g. `DraftActivity.held.from`. */
  readonly path: string;
  /** The name for a nested type without `.meta({ id })`, e.g. `DraftActivityHeld`. */
  readonly name: string;
}

const scalars: Readonly<Record<string, string>> = { uuid: 'ID', date: 'Date', 'date-time': 'DateTime' };

/**
 * GraphQL input types from zod objects. Types are named by `.meta({ id })`, or by their place when they have none;
 * one that is met in several contracts is written once.
 */
export class InputTypes {
  private readonly types = new Map<string, string>();
  private readonly enumsByName = new Map<string, readonly EnumValue[]>();
  private readonly open = new Set<string>();

  /** The definitions, in the order in which they were met. */
  get definitions(): readonly string[] {
    return [...this.types.values()];
  }

  get enums(): ReadonlyMap<string, readonly EnumValue[]> {
    return this.enumsByName;
  }

  /**
   * Adds `<name>Input` and all it needs.
   * @param mayLeaveOut required fields that the sender may leave out all the same, with the reason for the description
   * @returns the name of the input type
   * @throws Error naming the field, when a kind has no GraphQL type or two different things have one name
   */
  add(name: string, input: z.ZodObject, mayLeaveOut: Readonly<Record<string, string>> = {}): string {
    const schema = z.toJSONSchema(input, {
      io: 'input',
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        (jsonSchema as Record<string, unknown>)['x-kind'] = zodSchema._zod.def.type;
      },
    }) as Shape & { $defs?: Readonly<Record<string, Shape>> };
    return this.object(schema, { definitions: schema.$defs ?? {}, path: name, name }, mayLeaveOut);
  }

  private define(name: string, path: string, write: () => string): string {
    if (!isName(name)) throw new Error(`${path}: "${name}" cannot be the name of a GraphQL type`);
    if (this.open.has(name)) return name;
    this.open.add(name);
    const text = write();
    this.open.delete(name);
    const other = this.types.get(name);
    if (other !== undefined && other !== text) {
      throw new Error(
        `${path}: ${name} is the name of something else already; give one of them another .meta({ id })`,
      );
    }
    this.types.set(name, text);
    return name;
  }

  private object(shape: Shape, place: Place, mayLeaveOut: Readonly<Record<string, string>> = {}): string {
    const properties = Object.entries(shape.properties ?? {});
    if (properties.length === 0) throw unsupported(shape, place);
    return this.define(`${place.name}Input`, place.path, () => {
      const fields = properties.map(([field, inner]) => {
        const type = this.type(inner, {
          ...place,
          path: `${place.path}.${field}`,
          name: place.name + upperFirst(field),
        });
        const optional = field in mayLeaveOut || !shape.required?.includes(field);
        const text = [
          descriptionOf(inner, place),
          boundsOf(inner),
          defaultOf(inner, place),
          mayLeaveOut[field],
        ]
          .filter(Boolean)
          .join(' ');
        return `${described(text, '  ')}  ${field}: ${type}${optional ? '' : '!'}`;
      });
      return `${described(shape.description)}input ${place.name}Input {\n${fields.join('\n')}\n}`;
    });
  }

  /** The type of a field, without the mark that it is required. */
  private type(shape: Shape, place: Place): string {
    if (shape.$ref !== undefined) {
      const target = targetOf(shape, place);
      if (!target) throw unsupported(shape, place);
      return this.type(target, { ...place, name: shape.$ref.replace('#/$defs/', '') });
    }
    if (shape.const !== undefined || shape.prefixItems) throw unsupported(shape, place);
    if (shape.enum && shape.type === 'string') return this.enumeration(shape, place);
    if (shape.type === 'string') return scalars[shape.format ?? ''] ?? 'String';
    if (shape.type === 'boolean') return 'Boolean';
    if (shape.type === 'number') return 'Float';
    if (shape.type === 'integer') return wholeNumber(shape, place);
    if (shape.type === 'array' && shape.items) return `[${this.type(shape.items, place)}!]`;
    if (shape.type === 'object') return this.object(shape, place);
    throw unsupported(shape, place);
  }

  private enumeration(shape: Shape, place: Place): string {
    const values = enumValues((shape.enum ?? []).map(String), place.path);
    this.enumsByName.set(place.name, values);
    return this.define(place.name, place.path, () => enumType(place.name, values, shape.description));
  }
}

/** `.positive()` is told as an exclusive minimum of 0: for a whole number that is 1. */
const lowest = (shape: Shape): number | undefined =>
  shape.exclusiveMinimum === undefined ? shape.minimum : shape.exclusiveMinimum + 1;

function wholeNumber(shape: Shape, place: Place): string {
  const largest = Math.max(
    shape.maximum ?? shape.exclusiveMaximum ?? Infinity,
    -(lowest(shape) ?? -Infinity),
  );
  if (largest <= LARGEST_INT) return 'Int';
  throw new Error(
    `${place.path}: a GraphQL Int has 32 bits; give the number a .min() and .max() within ±${LARGEST_INT}`,
  );
}

const targetOf = (shape: Shape, place: Place): Shape | undefined =>
  shape.$ref === undefined ? undefined : place.definitions[shape.$ref.replace('#/$defs/', '')];

/** An id becomes a plain ID and a code a plain String, so what the type said must be said at the field. */
function descriptionOf(shape: Shape, place: Place): string | undefined {
  const target = targetOf(shape, place);
  const named = target?.type === 'object' || target?.enum !== undefined;
  return shape.description ?? (named ? undefined : target?.description);
}

/** The limits that a sender should know beforehand, as a sentence. */
function boundsOf(shape: Shape): string {
  const range = (from: number | undefined, to: number | undefined, of: string) =>
    to === undefined ? [] : [`${from === undefined ? 'Up to' : `${from} to`} ${to}${of}.`];
  return [
    ...range(lowest(shape), shape.type === 'integer' ? shape.maximum : undefined, ''),
    ...range(shape.minLength, shape.maxLength, ' characters'),
    ...range(shape.minItems, shape.maxItems, ' of them'),
  ].join(' ');
}

function defaultOf(shape: Shape, place: Place): string | undefined {
  if (shape.default === undefined) return undefined;
  const isEnum = (shape.enum ?? targetOf(shape, place)?.enum) !== undefined;
  const value =
    isEnum && typeof shape.default === 'string' ? upperSnake(shape.default) : JSON.stringify(shape.default);
  return `Left out: ${value}.`;
}

function unsupported(shape: Shape, place: Place): Error {
  const kind = shape.anyOf?.some(({ type }) => type === 'null') ? 'nullable' : (shape['x-kind'] ?? 'schema');
  return new Error(
    `${place.path}: there is no GraphQL type for a zod "${kind}" here; ` +
      'use strings, numbers, booleans, enums of strings, arrays, and objects with fields',
  );
}
