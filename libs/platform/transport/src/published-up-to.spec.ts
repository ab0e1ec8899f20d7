import { readTopics } from '@loa/kafka';
import { EVENT_PARTITIONS, eventsTopic, heartbeatTopic } from './kafka-settings.js';
import { PublishedUpTo } from './published-up-to.js';

/** What is known after looks at these instants that found so many records each. */
function after(...looks: readonly (readonly [at: number, records: number])[]): number | undefined {
  const published = new PublishedUpTo('x.heartbeat', () => undefined);
  for (const [at, records] of looks) published.look(at, records);
  return published.instant;
}

describe('up to when everything is published', () => {
  it('is not known at first, however many records there are', () => {
    expect(after()).toBeUndefined();
    expect(after([10, 5_000])).toBeUndefined();
  });

  it('is not known from one, two or three records: of a frozen relay, one thought lost, and one under way', () => {
    expect(after([10, 7], [20, 8])).toBeUndefined();
    expect(after([10, 7], [20, 8], [30, 9], [40, 10])).toBeUndefined();
  });

  it('is the newest look that four records have followed', () => {
    expect(after([10, 7], [20, 11])).toBe(10);
    expect(after([10, 7], [20, 8], [30, 9], [40, 11])).toBe(10);
    expect(after([10, 7], [20, 8], [30, 9], [40, 11], [50, 13])).toBe(30);
  });

  it('is the last of the looks that found the same', () =>
    expect(after([10, 7], [20, 7], [30, 7], [40, 9], [50, 9], [60, 11])).toBe(30));

  it('stands still while no record comes', () =>
    expect(after([10, 7], [20, 11], [30, 11], [40, 12], [50, 12], [60, 13], [70, 13])).toBe(10));

  it('is not known any more when the topic was made anew', () => {
    expect(after([10, 7], [20, 11], [30, 2])).toBeUndefined();
    expect(after([10, 7], [20, 11], [30, 2], [40, 6])).toBe(30);
  });
});

describe('the topics of infra/kafka', () => {
  it('are those that relays and readers use, with as many partitions', async () => {
    const topics = await readTopics('production');
    const events = topics.filter(({ kind }) => kind === 'events');
    expect(new Set(events.map(({ partitions }) => partitions))).toEqual(new Set([EVENT_PARTITIONS]));
    expect(events.map(({ name }) => name)).toContain(eventsTopic('planning'));
    const heartbeats = topics.filter(({ kind }) => kind === 'heartbeat');
    expect(heartbeats.map(({ name }) => name)).toEqual(events.map(({ name }) => heartbeatTopic(name)));
    expect(new Set(heartbeats.map(({ partitions }) => partitions))).toEqual(new Set([1]));
  });

  it('are told apart whatever they are called', () =>
    expect(heartbeatTopic('other')).toBe('other.heartbeat'));
});
