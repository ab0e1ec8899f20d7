import type { z } from 'zod';

/** How data of one version of an event is read as the next: a pure function, run on read only; what is stored stays. */
export interface Upcaster {
  readonly from: z.ZodType;
  readonly to: z.ZodType;
  readonly upcast: (data: unknown) => unknown;
}

/** `upcaster(v1, v2, (was) => ({ ...was, currency: 'VND' }))`: the compiler holds both ends to their schemas. */
export function upcaster<From extends z.ZodType, To extends z.ZodType>(
  from: From,
  to: To,
  upcast: (data: z.output<From>) => z.output<To>,
): Upcaster {
  return { from, to, upcast: upcast as (data: unknown) => unknown };
}

/** The declaration of an event leaves out how an earlier version of it is read. */
export class BrokenUpcasterChain extends Error {}

/**
 * Every version before the newest needs its upcaster, oldest first, each leading to where the next begins.
 * @throws BrokenUpcasterChain
 */
export function assertChain(
  type: string,
  schemaVersion: number,
  newest: z.ZodType,
  upcasters: readonly Upcaster[],
): void {
  if (!Number.isInteger(schemaVersion) || schemaVersion !== upcasters.length + 1)
    throw new BrokenUpcasterChain(
      `${type} v${schemaVersion} needs one upcaster for each version before it, oldest first: it has ${upcasters.length}`,
    );
  upcasters.forEach(({ to }, index) => {
    if (to !== (upcasters[index + 1]?.from ?? newest))
      throw new BrokenUpcasterChain(
        `${type}: the upcaster of v${index + 1} does not lead to the schema of v${index + 2}`,
      );
  });
}
