import { Distributed } from '@loa/distributed';
import { breakThings } from './breakage.js';
import { Client } from './client.js';
import { tellStory } from './story.js';

describe('distributed: five processes, a real Kafka, PostgreSQL', () => {
  let system: Distributed;

  beforeAll(async () => {
    system = await Distributed.start();
  }, 180_000);
  afterAll(() => system?.stop(), 60_000);

  describe('the story', () => tellStory({ client: () => new Client(system.url) }));
  describe('breakage', () => breakThings(() => system));
});
