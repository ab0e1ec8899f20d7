import { AttachEvidence, EvidenceAttached } from '@loa/contracts-reporting';
import { given } from '@loa/event-sourcing';
import { activityDecider } from './activity.decider.js';
import {
  activityId,
  agencyId,
  attached,
  drafted,
  evidence,
  stranger,
  verified,
  submitted,
} from './activity.fixtures.js';

const attach = { activityId, agencyId, ...evidence };
const sha256 = 'ab'.repeat(32);
const { link: _, ...untied } = evidence;
const file = { sha256, bytes: 1200, mediaType: 'application/pdf', name: 'bien-ban.pdf' };
const arrived = { files: new Map([[sha256, { bytes: 1200 }]]) };

it('attaches a link', () =>
  given(activityDecider, drafted).when(AttachEvidence, attach, { files: new Map() }).emits(attached));

it('attaches a file that has arrived', () =>
  given(activityDecider, drafted)
    .when(AttachEvidence, { activityId, agencyId, ...untied, file }, arrived)
    .emits(EvidenceAttached({ activityId, ...untied, file })));

it('refuses a file that has not arrived', () =>
  given(activityDecider, drafted)
    .when(AttachEvidence, { activityId, agencyId, ...untied, file }, { files: new Map() })
    .refuses('file-not-uploaded', { field: 'file.sha256' }));

it('refuses a file of another size than declared', () =>
  given(activityDecider, drafted)
    .when(AttachEvidence, { activityId, agencyId, ...untied, file: { ...file, bytes: 7 } }, arrived)
    .refuses('file-differs', { field: 'file.bytes', details: { bytes: 1200 } }));

it('takes exactly one of link and file', () => {
  expect(AttachEvidence.input.safeParse({ ...attach, file }).success).toBe(false);
  expect(AttachEvidence.input.safeParse({ activityId, agencyId, ...untied }).success).toBe(false);
});

it('refuses the same evidence twice', () =>
  given(activityDecider, drafted, attached)
    .when(AttachEvidence, attach, arrived)
    .refuses('evidence-exists', { field: 'evidenceId' }));

it('refuses another agency', () =>
  given(activityDecider, drafted)
    .when(AttachEvidence, { ...attach, agencyId: stranger }, arrived)
    .refuses('not-your-activity'));

it('refuses while it waits for verification', () =>
  given(activityDecider, drafted, attached, submitted)
    .when(AttachEvidence, attach, arrived)
    .refuses('already-submitted'));

it('refuses once verified', () =>
  given(activityDecider, drafted, attached, submitted, verified)
    .when(AttachEvidence, attach, arrived)
    .refuses('already-verified'));

it('refuses what is not there', () =>
  given(activityDecider).when(AttachEvidence, attach, arrived).refuses('activity-not-found'));
