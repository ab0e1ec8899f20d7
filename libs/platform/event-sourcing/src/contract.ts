import { z } from 'zod';
import { assertChain, type Upcaster } from './upcast.js';

/** A sentence for people, in the two languages of the product. `{name}` stands for a detail of the occasion. */
export interface Localized {
  readonly vi: string;
  readonly en: string;
}

/** The one catalogue of a context: stable code → what went wrong and what to do about it. */
export type Catalogue = Readonly<Record<string, Localized>>;

/** What the world may ask of a context. Made by {@link language}. */
export interface CommandContract<
  Name extends string = string,
  Input extends z.ZodObject = z.ZodObject,
  Reason extends string = string,
> {
  readonly kind: 'command';
  readonly context: string;
  readonly name: Name;
  /** One sentence of business meaning; it becomes the description in the GraphQL schema. */
  readonly meaning: string;
  readonly input: Input;
  /** The input fields that name the thing the command is about: together they identify its stream. */
  readonly target: readonly string[];
  /** When true the thing is new and its id may be left out: the command door mints one from the idempotency key. */
  readonly creates: boolean;
  readonly refusals: Readonly<Record<Reason, Localized>>;
  readonly warnings: Catalogue;
}

export type InputOf<C> = C extends CommandContract<string, infer I, string> ? z.output<I> : never;
export type ReasonOf<C> = C extends CommandContract<string, z.ZodObject, infer R> ? R : never;

/** A fact as a decision states it: the platform adds stream, version, position and times when it is stored. */
export interface DomainEvent<Name extends string = string, Data = unknown> {
  /** `<context>.<name>`, the name on the wire. */
  readonly type: string;
  readonly name: Name;
  readonly schemaVersion: number;
  readonly data: Data;
}

/** What the world may know of a context: calling it states the fact. Made by {@link language}. */
export interface EventContract<Name extends string = string, Schema extends z.ZodType = z.ZodType> {
  (data: z.input<Schema>): DomainEvent<Name, z.output<Schema>>;
  readonly kind: 'event';
  readonly context: string;
  readonly type: string;
  readonly eventName: Name;
  readonly schemaVersion: number;
  readonly meaning: string;
  readonly schema: Schema;
  /** How earlier versions are read, oldest first: the n-th makes version n + 1 of version n. */
  readonly upcasters: readonly Upcaster[];
}

export type EventOf<C> = C extends EventContract<infer N, infer S> ? DomainEvent<N, z.output<S>> : never;

export interface CommandShape<Input extends z.ZodObject, Reason, Warning> {
  readonly meaning: string;
  readonly target: string | readonly string[];
  readonly creates?: boolean;
  readonly input: Input;
  readonly refusals: readonly Reason[];
  readonly warnings?: readonly Warning[];
}

/**
 * The words of one context: its commands, its events, and the catalogue its refusals and warnings are taken from.
 * A code that is not in the catalogue does not compile; an event without a way to read its earlier versions does not load.
 */
export function language<const Messages extends Catalogue>(context: string, messages: Messages) {
  type Code = keyof Messages & string;
  const pick = <R extends Code>(codes: readonly R[]) =>
    Object.fromEntries(codes.map((code) => [code, messages[code]])) as unknown as Record<R, Localized>;
  const command = <const Name extends string, Input extends z.ZodObject, const Reason extends Code>(
    name: Name,
    shape: CommandShape<Input, Reason, Code>,
  ): CommandContract<Name, Input, Reason> => ({
    kind: 'command',
    context,
    name,
    meaning: shape.meaning,
    input: shape.input.strict() as unknown as Input,
    target: typeof shape.target === 'string' ? [shape.target] : shape.target,
    creates: shape.creates ?? false,
    refusals: pick(shape.refusals),
    warnings: pick(shape.warnings ?? []),
  });
  const event = <const Name extends string, Schema extends z.ZodType>(
    name: Name,
    schemaVersion: number,
    meaning: string,
    schema: Schema,
    upcasters: readonly Upcaster[] = [],
  ): EventContract<Name, Schema> => {
    const type = `${context}.${name}`;
    assertChain(type, schemaVersion, schema, upcasters);
    const state = (data: z.input<Schema>) => ({ type, name, schemaVersion, data: schema.parse(data) });
    return Object.assign(state, {
      kind: 'event' as const,
      context,
      type,
      eventName: name,
      schemaVersion,
      meaning,
      schema,
      upcasters,
    });
  };
  return { command, event };
}

/** Every version of an event that may be stored, oldest first. */
export const versionsOf = ({
  upcasters,
  schema,
}: EventContract): readonly { readonly schemaVersion: number; readonly schema: z.ZodType }[] =>
  [...upcasters.map(({ from }) => from), schema].map((one, index) => ({
    schemaVersion: index + 1,
    schema: one,
  }));
