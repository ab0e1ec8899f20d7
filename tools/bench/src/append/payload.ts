/** A fact of the size of a typical one of ours: about 400 bytes of data. */
const data = {
  activityId: '0198c0de-0000-7000-8000-000000000001',
  agencyId: '0198c0de-0000-7000-8000-000000000002',
  planId: '0198c0de-0000-7000-8000-000000000003',
  contentId: '0198c0de-0000-7000-8000-000000000004',
  channelId: '0198c0de-0000-7000-8000-000000000005',
  title: 'Phát thanh chuyên mục cải cách hành chính trên đài truyền thanh xã',
  quantity: 12,
  reach: [{ audience: 'citizens', people: 1_350 }],
};

/** What the command door writes beside it. */
const meta = {
  command: 'DraftActivity',
  key: '0198c0de-0000-7000-8000-000000000006',
  fingerprint: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
  at: '2022-06-01T06:00:00.000Z',
  id: '0198c0de-0000-7000-8000-000000000001',
};

export const TYPE = 'reporting.ActivityDrafted';
export const DATA = JSON.stringify(data);
export const META = JSON.stringify(meta);
export const EVENTS_PER_APPEND = 2;

export const sizes = `${EVENTS_PER_APPEND} events per append, each ${Buffer.byteLength(DATA)} B of data and ${Buffer.byteLength(META)} B of meta`;
