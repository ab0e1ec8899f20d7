import { IndicatorDefined, TargetRevised } from '@loa/contracts-monitoring';
import type { RecordedEvent } from '@loa/event-sourcing';
import { change, projection, put, when, type Change } from '@loa/projections';
import { indicatorTable, targetTable } from './indicator.table.js';

const targetSet = (id: string, target: number, reason: string | null, event: RecordedEvent): Change =>
  put(targetTable, {
    indicator_id: id,
    version: event.version,
    target,
    reason,
    occurred_at: event.occurredAt,
    recorded_at: event.recordedAt,
  });

/** What is to be measured. The values are not here: they are added up when they are asked for. */
export const indicators = projection(
  'indicators',
  [indicatorTable, targetTable],
  [
    when(IndicatorDefined, (defined, event) => [
      put(indicatorTable, {
        id: defined.indicatorId,
        plan_id: defined.planId,
        defined_by: defined.definedBy,
        name: defined.name,
        unit: defined.unit,
        measure: defined.measure,
        content_ids: defined.contentIds,
        channel_ids: defined.channelIds,
        agency_ids: defined.agencyIds,
        audiences: defined.audiences,
        target: defined.target,
        defined_at: event.occurredAt,
        recorded_at: event.recordedAt,
        version: event.version,
      }),
      targetSet(defined.indicatorId, defined.target, null, event),
    ]),
    when(TargetRevised, ({ indicatorId, target, reason }, event) => [
      change(indicatorTable, { id: indicatorId }, () => ({
        target,
        recorded_at: event.recordedAt,
        version: event.version,
      })),
      targetSet(indicatorId, target, reason, event),
    ]),
  ],
);
