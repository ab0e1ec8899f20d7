import type { CommandContract, DomainEvent, InputOf, ReasonOf } from './contract.js';

/** A name that must be the only one of its kind in the context, e.g. the number of a document. */
export interface Claim<Reason extends string = string> {
  readonly key: string;
  /** The refusal when another stream holds the key already, and the values for its message. */
  readonly otherwise: Reason;
  readonly details?: Readonly<Record<string, string | number>>;
}

export interface Notice {
  readonly code: string;
  readonly field?: string;
  /** Values for the `{placeholders}` of the message. */
  readonly details?: Readonly<Record<string, string | number>>;
}

export interface Accepted {
  readonly outcome: 'accepted';
  readonly events: readonly DomainEvent[];
  readonly claims: readonly Claim[];
  readonly warnings: readonly Notice[];
}

export interface Refused<Reason extends string = string> {
  readonly outcome: 'refused';
  readonly reason: Reason;
  /** The input field to mend, as a path such as `held.from`. */
  readonly field?: string;
  /** Values for the `{placeholders}` of the message. */
  readonly details?: Readonly<Record<string, string | number>>;
}

/** The command is granted: these are the facts. At least one, or the command would leave no trace to answer a retry with. */
export function accept(
  events: DomainEvent | readonly [DomainEvent, ...DomainEvent[]],
  also: { claims?: readonly Claim[]; warnings?: readonly Notice[] } = {},
): Accepted {
  const list = Array.isArray(events) ? (events as readonly DomainEvent[]) : [events as DomainEvent];
  return { outcome: 'accepted', events: list, claims: also.claims ?? [], warnings: also.warnings ?? [] };
}

/** The command is not granted, for a reason on the closed list of its contract. */
export function refuse<const Reason extends string>(
  reason: Reason,
  where: { field?: string; details?: Readonly<Record<string, string | number>> } = {},
): Refused<Reason> {
  return { outcome: 'refused', reason, ...where };
}

/** When the command holds: an RFC 3339 instant in UTC, and the calendar day of that instant in the zone of the programme. */
export interface Moment {
  readonly now: string;
  readonly today: string;
}

/** Things a decision must look at besides its own stream, by id. What is not there is unknown. */
export type Known = Readonly<Record<string, unknown>>;
export type Needs<C, State, World extends Known> = {
  readonly [K in keyof World]: (input: InputOf<C>, state: State) => readonly string[];
};

export interface Decision<
  State = unknown,
  World extends Known = Known,
  C extends CommandContract = CommandContract,
> {
  readonly contract: C;
  readonly needs: Readonly<Record<string, (input: never, state: never) => readonly string[]>>;
  // A method, not a property: the door keeps decisions of many kinds of state in one table.
  decide(input: InputOf<C>, state: State, world: World & Moment): Accepted | Refused;
}

/**
 * A rule of the business as a pure function: what is asked, what is so, → what follows.
 * `needs` names, for each kind of thing outside the stream, the ids to look up.
 */
export function decision<C extends CommandContract, State, World extends Known = Record<never, never>>(
  contract: C,
  needs: Needs<C, State, World>,
  decide: (input: InputOf<C>, state: State, world: World & Moment) => Accepted | Refused<ReasonOf<C>>,
): Decision<State, World, C> {
  return { contract, needs: needs as Decision<State, World, C>['needs'], decide };
}

type Handlers<State, E extends DomainEvent> = {
  readonly [N in E['name']]: (state: State, data: Extract<E, { name: N }>['data']) => State;
};

/** How facts add up. Leave a fact out and the compiler names it; meet an unknown one and the stream is not ours. */
export function evolveBy<State, E extends DomainEvent>(handlers: Handlers<State, E>) {
  const table = handlers as unknown as Record<string, ((state: State, data: unknown) => State) | undefined>;
  return (state: State, event: DomainEvent): State => {
    const handler = table[event.name];
    if (!handler) throw new ForeignEvent(event.type);
    return handler(state, event.data);
  };
}

/** The stream holds a fact that this aggregate does not know: the id belongs to another kind of thing. */
export class ForeignEvent extends Error {
  constructor(readonly type: string) {
    super(`the stream holds ${type}, which this aggregate does not know`);
  }
}

/** How a state is kept between commands, so that a long stream need not be folded from its beginning. */
export interface SnapshotForm<State, Kept = unknown> {
  /** Counts up whenever the state, its meaning, or how facts add up changes: what was kept before is then left aside. */
  readonly schema: number;
  /** What JSON can hold of it: no Map, no Set, no Date. */
  keep(state: State): Kept;
  restore(kept: Kept): State;
}

export interface Decider<State = unknown> {
  /** The kind of thing, e.g. `activity`. */
  readonly aggregate: string;
  readonly initial: State;
  evolve(state: State, event: DomainEvent): State;
  readonly decisions: readonly Decision<State>[];
  /** For things whose streams grow long. */
  readonly snapshot?: SnapshotForm<State>;
}

/** @param form what `restore` gets is what `keep` gave, once through JSON */
export function snapshotForm<State, Kept>(form: SnapshotForm<State, Kept>): SnapshotForm<State> {
  return form as SnapshotForm<State>;
}

/** Everything that can be asked of one kind of thing. */
export function decider<State>(parts: Decider<State>): Decider<State> {
  return parts;
}

export function fold<State>(
  of: Pick<Decider<State>, 'initial' | 'evolve'>,
  events: Iterable<DomainEvent>,
): State {
  let state = of.initial;
  for (const event of events) state = of.evolve(state, event);
  return state;
}
