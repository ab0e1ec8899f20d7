import { Client } from './client.js';
import { StandaloneProcess } from './standalone-process.js';
import { tellStory } from './story.js';

describe('the story, standalone', () => {
  let loa: StandaloneProcess;

  beforeAll(async () => {
    loa = await StandaloneProcess.prepare();
    await loa.start('--empty');
  }, 120_000);
  afterAll(() => loa.discard());

  tellStory({ client: () => new Client(loa.url) });
});
