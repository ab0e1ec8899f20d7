import { drawn } from '@loa/terminal';
import { lineOf, summaryOf, summaryTable } from './report.js';
import type { Outcome } from './run/run-seed.js';

const outcome = (part: Partial<Outcome>): Outcome => ({
  seed: 1,
  seconds: 2,
  events: 100,
  calls: 50,
  acknowledged: 40,
  unknown: 5,
  kills: 3,
  faults: { cut: 1 },
  leftOut: {},
  tripped: {},
  claims: 9,
  parked: 0,
  dropped: 0,
  recoveryMs: 500,
  findings: [],
  ...part,
});
const bad = outcome({
  recoveryMs: 900,
  faults: { cut: 2, 'full disk': 1 },
  leftOut: { clock: 1 },
  tripped: { 'relay.beforeHeartbeat': 2 },
  findings: [
    { rule: 'acknowledged is stored', what: 'x' },
    { rule: 'every event once', what: 'y' },
    { rule: 'real-time order', what: 'z' },
    { rule: 'read model', what: 'w' },
    { rule: 'fresh', what: 'u' },
    { rule: 'survives', what: 'v' },
  ],
});

it('adds up', () =>
  expect(summaryOf([outcome({}), bad, outcome({ recoveryMs: 400 })])).toMatchObject({
    seeds: 3,
    events: 300,
    kills: 9,
    otherFaults: 5,
    faults: { cut: 4, 'full disk': 1 },
    leftOut: { clock: 1 },
    lost: 1,
    doubled: 1,
    outOfOrder: 1,
    wrongRows: 1,
    tooFresh: 1,
    claims: 27,
    tripped: { 'relay.beforeHeartbeat': 2 },
    other: 1,
    recoveryMs: { p50: 500, max: 900 },
  }));

it('says what could not be done', () =>
  expect(drawn(summaryTable(summaryOf([bad]), 'Faults'))).toContain(
    'Could not be made here or then: clock 1.',
  ));

it('says at once whether a run was sound', () => {
  expect(lineOf(outcome({}))).toContain('seed 1: sound, 100 events, 3 kills, cut 1; recovered in 500 ms');
  expect(lineOf(bad)).toContain('6 FINDINGS');
});
