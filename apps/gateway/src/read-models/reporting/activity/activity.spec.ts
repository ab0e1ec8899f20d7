import { ActivitySubmitted, EvidenceAttached, EvidenceWithdrawn } from '@loa/contracts-reporting';
import { id, Log, rowsOf } from '../../events.fixtures.js';
import {
  activity,
  carryOut,
  content1,
  correct,
  districtA,
  meetings,
  planId,
  standing,
} from '../../world.fixtures.js';
import { activities } from './activity.js';

const reporting = () => new Log('reporting');
const rowOf = (log: Log) => rowsOf(activities, log)['activity']?.[0];
const entriesOf = (log: Log) => rowsOf(activities, log)['activity_entry'];

it('a drafted activity is a row with its reporting period, and an entry', () => {
  const log = reporting();
  const activityId = carryOut(log, 1);
  const { activityId: _id, agencyId: _agency, planId: _plan, ...said } = activity(1);
  const utc = { from: '2022-05-10T01:00:00.000Z', to: '2022-05-10T04:30:00.000Z' };
  expect(rowsOf(activities, log)).toEqual({
    activity: [
      {
        id: activityId,
        agency_id: districtA,
        plan_id: planId,
        content_id: content1,
        channel_id: meetings,
        title: 'Hội nghị 1',
        held_from: utc.from,
        held_to: utc.to,
        place: 'Hội trường UBND huyện',
        quantity: 1,
        reach: [{ audience: 'officials', people: 85 }],
        status: 'draft',
        evidence: [],
        report_year: 2022,
        report_quarter: '2022-Q2',
        submitted_at: null,
        returned_at: null,
        return_reason: null,
        verified_at: null,
        drafted_at: '2022-05-11T02:00:00.000Z',
        recorded_at: '2022-05-11T02:00:00.000Z',
        version: 1,
      },
    ],
    activity_entry: [
      {
        activity_id: activityId,
        version: 1,
        kind: 'drafted',
        by_agency_id: null,
        reason: null,
        said: { ...said, held: utc },
        occurred_at: '2022-05-11T02:00:00.000Z',
        recorded_at: '2022-05-11T02:00:00.000Z',
      },
    ],
  });
});

it('a correction changes what it names, and moves the activity to another period when it must', () => {
  const log = reporting();
  const held = { from: '2022-12-14T01:00:00Z', to: '2022-12-14T17:00:00Z' };
  correct(log, carryOut(log, 1), { held, quantity: 3 }, '2022-12-16T00:00:00Z');
  expect(rowOf(log)).toMatchObject({
    title: 'Hội nghị 1',
    quantity: 3,
    report_year: 2023,
    report_quarter: '2023-Q1',
    version: 2,
    recorded_at: '2022-12-16T00:00:00.000Z',
  });
  expect(entriesOf(log)?.[1]).toMatchObject({ kind: 'corrected', said: { quantity: 3 } });
});

it('evidence is a list: attached at its end, withdrawn by id', () => {
  const log = reporting();
  const activityId = carryOut(log, 1);
  const add = (fact: Parameters<Log['add']>[1]) =>
    log.add(activityId, fact, { recordedAt: '2022-05-12T00:00:00Z' });
  const file = { sha256: 'a'.repeat(64), bytes: 12, mediaType: 'image/png', name: 'ảnh.png' };
  add(EvidenceAttached({ activityId, evidenceId: id(1), title: 'Bài', link: 'https://example.org/1' }));
  add(EvidenceAttached({ activityId, evidenceId: id(2), title: 'Ảnh', file }));
  add(EvidenceWithdrawn({ activityId, evidenceId: id(1) }));
  expect(rowOf(log)).toMatchObject({ evidence: [{ id: id(2), title: 'Ảnh', file }], version: 4 });
  expect(entriesOf(log)?.map(({ kind }) => kind)).toEqual([
    'drafted',
    'evidence-attached',
    'evidence-attached',
    'evidence-withdrawn',
  ]);
});

it('the reason of a return stays until the activity is handed in again', () => {
  const log = reporting();
  const activityId = carryOut(log, 1, 'returned');
  expect(rowOf(log)).toMatchObject({ status: 'returned', return_reason: 'Thiếu danh sách 1' });
  expect(entriesOf(log)?.at(-1)).toMatchObject({
    kind: 'returned',
    by_agency_id: standing,
    reason: 'Thiếu danh sách 1',
  });
  correct(log, activityId, { quantity: 2 }, '2022-05-13T00:00:00Z');
  expect(rowOf(log)).toMatchObject({ status: 'returned', return_reason: 'Thiếu danh sách 1' });
  log.add(activityId, ActivitySubmitted({ activityId, agencyId: districtA, planId }), {
    occurredAt: '2022-05-13T01:00:00Z',
    recordedAt: '2022-05-14T00:00:00Z',
  });
  expect(rowOf(log)).toMatchObject({
    status: 'submitted',
    return_reason: null,
    submitted_at: '2022-05-13T01:00:00.000Z',
    version: 6,
  });
});

it('a verified activity says when', () => {
  const log = reporting();
  carryOut(log, 1, 'verified');
  expect(rowOf(log)).toMatchObject({
    status: 'verified',
    verified_at: '2022-05-11T02:03:00.000Z',
    version: 4,
  });
});
