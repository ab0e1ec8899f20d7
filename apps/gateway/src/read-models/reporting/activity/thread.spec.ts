import { threadOf, type EntryKind, type Stated } from './thread.js';

let version = 0;
beforeEach(() => (version = 0));

const entry = (
  kind: EntryKind,
  said: Stated = {},
  names: { contentTitle?: string; channelName?: string } = {},
) => ({
  version: (version += 1),
  kind,
  said,
  contentTitle: names.contentTitle ?? null,
  channelName: names.channelName ?? null,
});
const drafted = () =>
  entry(
    'drafted',
    {
      contentId: 'c1',
      channelId: 'h1',
      title: 'Hội nghị',
      held: { from: '2022-05-10T01:00:00.000Z', to: '2022-05-10T04:30:00.000Z' },
      place: 'Ba Bể',
      quantity: 1,
      reach: [
        { audience: 'officials', people: 85 },
        { audience: 'citizens', people: 10 },
      ],
    },
    { contentTitle: 'Cải cách thể chế', channelName: 'Hội nghị' },
  );
const changesOf = (...entries: ReturnType<typeof entry>[]) => threadOf(entries).map(({ changes }) => changes);

it('the first entry changes nothing: it says everything for the first time', () =>
  expect(threadOf([drafted()])).toEqual([{ version: 1, kind: 'drafted', changes: [] }]));

it('a correction tells from what to what, and only what differs', () =>
  expect(
    changesOf(drafted(), entry('corrected', { title: 'Tập huấn', place: 'Ba Bể', quantity: 2 }))[1],
  ).toEqual([
    { field: 'TITLE', from: 'Hội nghị', to: 'Tập huấn' },
    { field: 'QUANTITY', from: '1', to: '2' },
  ]));

it('a second correction starts from the first', () => {
  const entries = [drafted(), entry('corrected', { quantity: 2 }), entry('corrected', { quantity: 7 })];
  expect(changesOf(...entries)[2]).toEqual([{ field: 'QUANTITY', from: '2', to: '7' }]);
});

it('contents and channels are told by name, by id when the name has not arrived', () => {
  const corrected = entry(
    'corrected',
    { contentId: 'c2', channelId: 'h2' },
    { contentTitle: 'Chính phủ số' },
  );
  expect(changesOf(drafted(), corrected)[1]).toEqual([
    { field: 'CONTENT', from: 'Cải cách thể chế', to: 'Chính phủ số' },
    { field: 'CHANNEL', from: 'Hội nghị', to: 'h2' },
  ]);
});

it('times are told as people there write them', () => {
  const held = { from: '2022-05-10T01:00:00.000Z', to: '2022-05-10T17:05:00.000Z' };
  expect(changesOf(drafted(), entry('corrected', { held }))[1]).toEqual([
    { field: 'HELD_TO', from: '10/05/2022 11:30', to: '11/05/2022 00:05' },
  ]);
});

it('people are told for each audience; one that is left off the list was not reached', () => {
  const reach = [
    { audience: 'officials', people: 90 },
    { audience: 'businesses', people: 5 },
  ];
  expect(changesOf(drafted(), entry('corrected', { reach }))[1]).toEqual([
    { field: 'REACH_OFFICIALS', from: '85', to: '90' },
    { field: 'REACH_CITIZENS', from: '10', to: null },
    { field: 'REACH_BUSINESSES', from: null, to: '5' },
  ]);
});

it('evidence comes from nothing, and goes by its title', () => {
  const attached = entry('evidence-attached', { evidenceId: 'e1', title: 'Ảnh hội trường' });
  const withdrawn = entry('evidence-withdrawn', { evidenceId: 'e1' });
  expect(changesOf(drafted(), attached, withdrawn).slice(1)).toEqual([
    [{ field: 'EVIDENCE', from: null, to: 'Ảnh hội trường' }],
    [{ field: 'EVIDENCE', from: 'Ảnh hội trường', to: null }],
  ]);
});

it('submitting, returning and verifying change no field', () =>
  expect(changesOf(drafted(), entry('submitted'), entry('returned'), entry('verified'))).toEqual([
    [],
    [],
    [],
    [],
  ]));
