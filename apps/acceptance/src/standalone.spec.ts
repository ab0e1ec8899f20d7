import { Client, StandaloneProcess } from '@loa/outside';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mendKnowledge } from './mend-knowledge.js';
import { tellStory } from './story.js';
import { tellMetrics } from './tell-metrics.js';

describe('the story, standalone', () => {
  let loa: StandaloneProcess;

  beforeAll(async () => {
    loa = await StandaloneProcess.prepare();
    await loa.start('--empty');
  }, 180_000);
  afterAll(() => loa.discard());

  tellMetrics(() => [{ name: 'standalone', kind: 'standalone', url: loa.url, reads: true }]);
  tellStory({
    client: () => new Client(loa.url),
    breakdown: {
      name: 'kill -9 of the one process',
      async happens() {
        await loa.end('SIGKILL');
        await loa.start('--empty');
      },
    },
  });
  describe('operators', () =>
    mendKnowledge(async () => ({
      url: loa.url,
      operatorToken: (await readFile(join(loa.folder, 'operator-token'), 'utf8')).trim(),
      reporting: await loa.adminUrl('loa_reporting'),
    })));
});
