import { Distributed, services } from '@loa/distributed';
import { Client } from '@loa/outside';
import { breakThings } from './breakage.js';
import { mendKnowledge } from './mend-knowledge.js';
import { makeRowsAnew } from './rows-made-anew.js';
import { tellStory } from './story.js';
import { tellMetrics } from './tell-metrics.js';

describe('distributed: five processes, a real Kafka, PostgreSQL', () => {
  let system: Distributed;

  beforeAll(async () => {
    system = await Distributed.start();
  }, 180_000);
  afterAll(() => system?.stop(), 60_000);

  describe('the story', () => tellStory({ client: () => new Client(system.url) }));
  describe('the processes', () =>
    tellMetrics(() =>
      services.map((name) => ({
        name,
        kind: name === 'gateway-api' || name === 'gateway-projector' ? name : 'service',
        url: system.service(name).url,
        reads: name !== 'planning',
      })),
    ));
  describe('operators', () =>
    mendKnowledge(() => {
      const { url, operatorToken } = system;
      return Promise.resolve({ url, operatorToken, reporting: system.ownerOf('reporting') });
    }));
  describe('rows made anew', () => makeRowsAnew(() => system));
  describe('breakage', () => breakThings(() => system));
});
