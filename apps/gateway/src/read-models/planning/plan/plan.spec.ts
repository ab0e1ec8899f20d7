import { AssignmentAcknowledged } from '@loa/contracts-planning';
import { Log, rowsOf } from '../../events.fixtures.js';
import {
  assign,
  assignment,
  content1,
  districtA,
  districtB,
  draftPlan,
  front,
  issue,
  meetings,
  planId,
  province,
  standing,
} from '../../world.fixtures.js';
import { plans } from './plan.js';

const planning = () => {
  const log = new Log('planning');
  draftPlan(log);
  return log;
};

it('a drafted plan has no number yet, and counts its events', () =>
  expect(rowsOf(plans, planning())['plan']).toEqual([
    {
      id: planId,
      status: 'draft',
      number: null,
      symbol: null,
      issued_on: null,
      title: 'Tuyên truyền công tác CCHC tỉnh Bắc Kạn năm 2022',
      year: 2022,
      purposes: ['Nâng cao nhận thức'],
      requirements: ['Thường xuyên, kịp thời, chính xác'],
      provenance: { source: 'Trang tin CCHC tỉnh Bắc Kạn', author: 'Lý Thuấn' },
      issuer_id: province,
      standing_agency_id: standing,
      drafted_at: '2022-02-01T01:00:00.000Z',
      issued_at: null,
      recorded_at: '2022-02-01T01:00:00.000Z',
      version: 6,
    },
  ]));

it('an issued plan has its number, and when it was issued and recorded', () =>
  expect(rowsOf(plans, issue(planning()))['plan']).toEqual([
    expect.objectContaining({
      status: 'issued',
      number: '211',
      symbol: 'KH-UBND',
      issued_on: '2022-03-31',
      issued_at: '2022-03-31T02:00:00.000Z',
      recorded_at: '2022-03-31T02:00:00.000Z',
      version: 7,
    }),
  ]));

it('contents and channels keep their order', () => {
  const { content, channel } = rowsOf(plans, planning());
  expect(content?.map(({ ordinal, title }) => [ordinal, title])).toEqual([
    [1, 'Nội dung 1'],
    [2, 'Nội dung 2'],
    [3, 'Nội dung 3'],
  ]);
  expect(channel?.map(({ ordinal, unit }) => [ordinal, unit])).toEqual([
    [1, 'tin, bài'],
    [2, 'cuộc'],
  ]);
});

it('an assignment names leads and coordinators; who is both leads', () => {
  const log = assign(planning(), 1, {
    leads: [districtA, districtB],
    coordinators: [districtB, front],
    target: { quantity: 4, channelId: meetings },
    output: 'Báo cáo',
  });
  const rows = rowsOf(plans, log);
  expect(rows['assignment']).toEqual([
    {
      plan_id: planId,
      id: assignment(1).assignmentId,
      ordinal: 7,
      content_id: content1,
      mode: 'assigned',
      leads: [districtA, districtB],
      coordinators: [districtB, front],
      deadline_kind: 'by-date',
      deadline_date: '2022-11-30',
      deadline_year: null,
      deadline_text: 'Trước ngày 30/11/2022',
      target_quantity: 4,
      target_channel_id: meetings,
      target_text: null,
      output: 'Báo cáo',
      as_written: null,
    },
  ]);
  expect(rows['assignee']?.map(({ agency_id, role }) => [agency_id, role])).toEqual([
    [districtB, 'lead'],
    [front, 'coordinator'],
    [districtA, 'lead'],
  ]);
});

it('an acknowledgement is a row of its own and does not touch the plan', () => {
  const receipt = { planId, assignmentId: assignment(1).assignmentId, agencyId: districtA };
  const log = new Log('planning').add(districtA, AssignmentAcknowledged(receipt), {
    occurredAt: '2022-04-01T00:00:00Z',
    recordedAt: '2022-04-02T00:00:00Z',
  });
  expect(rowsOf(plans, log)).toEqual({
    acknowledgement: [
      {
        plan_id: planId,
        agency_id: districtA,
        assignment_id: receipt.assignmentId,
        acknowledged_at: '2022-04-01T00:00:00.000Z',
      },
    ],
  });
});
