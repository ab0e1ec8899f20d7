import type { Localized } from '@loa/event-sourcing';
import { langOf, pageSize, type EdgeContext, type Lang } from '@loa/graphql';
import type { DriftRecord } from '@loa/projections';
import { Inject } from '@nestjs/common';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

/** Reads the records of drift checks, newest first. */
export type DriftRecords = (first: number) => Promise<readonly DriftRecord[]>;

/** Injection token of {@link DriftRecords}. */
export const DRIFT_RECORDS = Symbol('the records of drift checks');

type Told = Pick<DriftRecord, 'differences' | 'rows' | 'positions' | 'leftOut'>;

const placesOf = (positions: DriftRecord['positions']) =>
  Object.entries(positions)
    .map(([context, position]) => ({ context, position }))
    .sort((a, b) => a.context.localeCompare(b.context));

/** "0 differences of N rows at position P" */
function driftMessage({ differences, rows, positions, leftOut }: Told): Localized {
  const places = placesOf(positions).map(({ context, position }) => `${context} ${position}`);
  const at = places.join(', ') || '0';
  const without = leftOut
    ? {
        vi: ` Có ${leftOut} sự kiện không được tính vào: bị gác lại, bị loại bỏ, hoặc thuộc loại chưa biết.`,
        en: ` Left out: ${leftOut} events that are parked, dropped, or of a type that was not known.`,
      }
    : { vi: '', en: '' };
  return {
    vi: `${differences} sai khác trong ${rows} dòng, tại vị trí ${at}.${without.vi}`,
    en: `${differences} ${differences === 1 ? 'difference' : 'differences'} of ${rows} rows at position ${at}.${without.en}`,
  };
}

@Resolver('DriftCheck')
export class DriftResolver {
  constructor(@Inject(DRIFT_RECORDS) private readonly records: DriftRecords) {}

  @Query('driftChecks')
  async driftChecks(@Args('first') first?: number | null): Promise<unknown> {
    const found = await this.records(pageSize(first));
    return found.map(({ examples, ...record }) => ({
      ...record,
      examples: examples.map(({ kind, key, ...example }) => ({
        ...example,
        kind: kind.toUpperCase(),
        key: JSON.stringify(key),
      })),
    }));
  }

  @ResolveField('positions')
  positions(@Parent() { positions }: DriftRecord): unknown {
    return placesOf(positions);
  }

  @ResolveField('message')
  message(
    @Parent() record: DriftRecord,
    @Context() context: EdgeContext,
    @Args('lang') lang?: Lang | null,
  ): string {
    return driftMessage(record)[langOf(context, lang)];
  }
}
