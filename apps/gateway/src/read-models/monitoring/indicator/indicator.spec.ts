import { TargetRevised } from '@loa/contracts-monitoring';
import { id, Log, rowsOf } from '../../events.fixtures.js';
import { content1, define, planId, standing } from '../../world.fixtures.js';
import { indicators } from './indicator.js';

it('an indicator says what counts; its first target has no reason', () => {
  const log = define(new Log('monitoring'), 1, {
    contentIds: [content1],
    measure: 'reach',
    audiences: ['citizens'],
  });
  expect(rowsOf(indicators, log)).toEqual({
    indicator: [
      {
        id: id(201),
        plan_id: planId,
        defined_by: standing,
        name: 'Chỉ số 1',
        unit: 'cuộc',
        measure: 'reach',
        content_ids: [content1],
        channel_ids: [],
        agency_ids: [],
        audiences: ['citizens'],
        target: 4,
        defined_at: '2022-04-01T00:00:00.000Z',
        recorded_at: '2022-04-01T00:00:00.000Z',
        version: 1,
      },
    ],
    indicator_target: [
      {
        indicator_id: id(201),
        version: 1,
        target: 4,
        reason: null,
        occurred_at: '2022-04-01T00:00:00.000Z',
        recorded_at: '2022-04-01T00:00:00.000Z',
      },
    ],
  });
});

it('a revision changes the target and leaves the one before on record', () => {
  const log = define(new Log('monitoring'), 1).add(
    id(201),
    TargetRevised({ indicatorId: id(201), target: 9, reason: 'Theo Kế hoạch bổ sung' }),
    { recordedAt: '2022-08-01T00:00:00Z' },
  );
  const { indicator, indicator_target } = rowsOf(indicators, log);
  expect(indicator).toEqual([expect.objectContaining({ target: 9, version: 2 })]);
  expect(indicator_target?.map(({ version, target, reason }) => [version, target, reason])).toEqual([
    [1, 4, null],
    [2, 9, 'Theo Kế hoạch bổ sung'],
  ]);
});
