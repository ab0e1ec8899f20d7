import type { SeedActivity } from './activities.js';
import { cutOffKeys } from './cut-off.js';
import { at, lateFrom, rfc3339 } from './local-time.js';
import { bacKanWorld } from './world.js';

const world = bacKanWorld();
const activities = Object.values(world.activities);
const did = ({ commands }: SeedActivity): string =>
  commands.map(({ contract }) => contract.name.replace(/[A-Z][a-z]+$/, '')).join(' ');
const share = (test: (activity: SeedActivity) => boolean): number =>
  activities.filter(test).length / activities.length;
const draftOf = ({ commands: [draft] }: SeedActivity) => {
  if (!draft) throw new Error('an activity without commands');
  return JSON.parse(JSON.stringify(draft.input)) as {
    held: { from: string; to: string };
    quantity: number;
    reach: unknown[];
  };
};
const submittedAt = ({ commands }: SeedActivity): number =>
  Date.parse(commands.find(({ contract }) => contract.name === 'SubmitActivity')?.occurredAt ?? '');
const isLate = (activity: SeedActivity): boolean =>
  submittedAt(activity) >= lateFrom(Date.parse(draftOf(activity).held.to));

describe('the activities of the demo world', () => {
  it('are about 600, of all levels and on all channels', () => {
    expect(activities.length).toBeGreaterThan(570);
    expect(activities.length).toBeLessThan(630);
    expect(new Set(activities.map(({ channelKey }) => channelKey)).size).toBe(13);
    expect(new Set(activities.map(({ contentKey }) => contentKey)).size).toBe(11);
  });

  it('go through the doors in an order that reporting can grant', () => {
    const evidence = '( Attach)+';
    const again = `( Return( Correct)?( Attach)* Submit)`;
    const life = new RegExp(`^Draft${evidence}( Submit${again}*( Verify| Return)?)?$`);
    for (const activity of activities) expect(did(activity)).toMatch(life);
  });

  it('are entered after they were held, and every step follows the one before', () => {
    for (const activity of activities) {
      const { held } = draftOf(activity);
      expect(held.from <= held.to && held.from > '2022-03-31T17:00:00.000Z').toBe(true);
      const times = [held.to, ...activity.commands.map(({ occurredAt }) => occurredAt)];
      for (const [index, time] of times.entries())
        expect(index === 0 || time > (times[index - 1] ?? '')).toBe(true);
    }
  });

  it('are mostly verified; some wait, some are drafts, some were returned', () => {
    const verified = share((activity) => did(activity).endsWith('Verify'));
    const waiting = share((activity) => did(activity).endsWith('Submit'));
    const drafts = share((activity) => !did(activity).includes('Submit'));
    const returned = share((activity) => did(activity).includes('Return'));
    const forGood = share((activity) => did(activity).endsWith('Return'));
    expect(verified).toBeGreaterThan(0.75);
    expect(verified).toBeLessThan(0.88);
    for (const some of [waiting, drafts]) expect(some).toBeGreaterThan(0.03);
    for (const some of [waiting, drafts]) expect(some).toBeLessThan(0.12);
    expect(returned).toBeGreaterThan(0.12);
    expect(returned).toBeLessThan(0.25);
    expect(forGood).toBeGreaterThan(0.01);
    expect(forGood).toBeLessThan(0.06);
  });

  it('are late one time in ten or so', () => {
    const late = share(isLate);
    expect(late).toBeGreaterThan(0.08);
    expect(late).toBeLessThan(0.2);
  });

  it('are mended by a change: a correction never repeats the draft', () => {
    for (const { commands } of activities) {
      const [draft] = commands;
      for (const { contract, input } of commands) {
        if (contract.name === 'CorrectActivity')
          expect(draft?.input).not.toMatchObject(input as Record<string, unknown>);
      }
    }
  });
});

describe('who reports', () => {
  const by = (agencyKey: string): number =>
    activities.filter((activity) => activity.agencyKey === agencyKey).length;
  const communes = Object.values(world.agencies).filter(({ level }) => level === 'commune');

  it('leaves some communes silent and others busy', () => {
    const silent = communes.filter(({ key }) => by(key) === 0).length;
    expect(silent).toBeGreaterThanOrEqual(5);
    expect(silent).toBeLessThanOrEqual(20);
    expect(Math.max(...communes.map(({ key }) => by(key)))).toBeGreaterThanOrEqual(7);
    expect(by('thanh-pho-bac-kan')).toBeGreaterThan(3 * by('huyen-pac-nam'));
  });

  it('has a requested body that reports and one that does not', () => {
    expect(by('mttq-tinh')).toBeGreaterThan(0);
    expect(by('ban-dan-van')).toBe(0);
  });

  it('says what its fellow citizens could have seen: figures within reason', () => {
    for (const { agencyKey, commands } of activities) {
      const level = world.agencies[agencyKey]?.level;
      const people = JSON.stringify(commands[0]?.input).matchAll(/"people":(\d+)/g);
      const most = level === 'commune' ? 3_000 : level === 'district' ? 12_000 : 40_000;
      for (const [, figure] of people) expect(Number(figure)).toBeLessThanOrEqual(most);
    }
  });
});

describe('the edges of the reporting calendar', () => {
  const edge = (key: (typeof cutOffKeys)[number]): SeedActivity => {
    const found = world.activities[key];
    if (!found) throw new Error(`no activity ${key}`);
    return found;
  };

  it('has an activity on both sides, all of them verified', () => {
    for (const key of cutOffKeys) expect(did(edge(key))).toBe('Draft Attach Submit Verify');
    expect(draftOf(edge('cut-off-14-09-last-minute')).held.from).toBe('2022-09-14T16:59:00.000Z');
    expect(draftOf(edge('cut-off-15-09-first-minute')).held.from).toBe('2022-09-14T17:00:00.000Z');
    expect(draftOf(edge('plan-year-20-12')).held.from).toBe(rfc3339(at('2022-12-20T17:00')));
  });

  it('has a report in the last minute and one a minute too late', () => {
    expect(isLate(edge('due-17-10-last-minute'))).toBe(false);
    expect(isLate(edge('due-18-10-first-minute'))).toBe(true);
  });
});
