import { monitoring } from '@loa/contracts-monitoring';
import { planning } from '@loa/contracts-planning';
import { reporting } from '@loa/contracts-reporting';
import type { ContextContract } from '@loa/graphql';

/** Every context there is, with all that it promises. */
export const contexts: readonly (ContextContract & {
  readonly events: readonly { readonly type: string }[];
})[] = [planning, reporting, monitoring];

/** Every wire type that a contract declares. */
export const knownTypes: ReadonlySet<string> = new Set(
  contexts.flatMap(({ events }) => events.map(({ type }) => type)),
);
