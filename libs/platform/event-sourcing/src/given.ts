import type { InputOf, CommandContract, DomainEvent, ReasonOf } from './contract.js';
import { fold, type Accepted, type Decider, type Known, type Moment, type Refused } from './decider.js';

const normal = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

function same(what: string, actual: unknown, expected: unknown): void {
  if (normal(actual) !== normal(expected)) {
    throw new Error(`${what} differ\nexpected: ${normal(expected)}\nactual:   ${normal(actual)}`);
  }
}

const noon: Moment = { now: '2022-06-15T05:00:00.000Z', today: '2022-06-15' };

/**
 * The specification of a decider, in its own words:
 * `given(activity, drafted).when(SubmitActivity, input).emits(submitted)`.
 * The input goes through the contract first, as it does at the command door.
 */
export function given<State>(decider: Decider<State>, ...history: readonly DomainEvent[]) {
  return {
    when<C extends CommandContract>(contract: C, input: unknown, world: Known & Partial<Moment> = {}) {
      const rule = decider.decisions.find(({ contract: { name } }) => name === contract.name);
      if (!rule) throw new Error(`${decider.aggregate} has no decision for ${contract.name}`);
      const parsed = contract.input.parse(input) as InputOf<C>;
      const state = fold(decider, history);
      for (const [kind, ids] of Object.entries(rule.needs)) {
        (ids as (i: unknown, s: State) => readonly string[])(parsed, state);
        if (!(kind in world)) throw new Error(`${contract.name} looks at "${kind}": say what is known of it`);
      }
      const result = rule.decide(parsed, state, { ...noon, ...world }) as Accepted | Refused<ReasonOf<C>>;
      const accepted = (): Accepted => {
        if (result.outcome !== 'accepted') throw new Error(`expected events, was refused: ${result.reason}`);
        return result;
      };
      return {
        /** Exactly these facts. */
        emits(...events: readonly DomainEvent[]): void {
          same('events', accepted().events, events);
        },
        /** Compares whatever is named of what the decision granted. */
        accepts(expected: Partial<Omit<Accepted, 'outcome'>>): void {
          const granted = accepted();
          for (const [part, value] of Object.entries(expected))
            same(part, granted[part as keyof Accepted], value);
        },
        refuses(reason: ReasonOf<C>, where: Partial<Pick<Refused, 'field' | 'details'>> = {}): void {
          if (result.outcome !== 'refused')
            throw new Error(`expected refusal ${reason}, got ${normal(result.events)}`);
          same('refusals', result, { outcome: 'refused', reason, ...where });
        },
      };
    },
  };
}
