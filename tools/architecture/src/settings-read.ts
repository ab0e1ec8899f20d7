import { settingsOf } from '@loa/contract-checks';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { read, root } from './workspaces.js';

/** A zod object. */
interface Settings {
  readonly shape: object;
}

/** Named in the code at this path, by its address: no workspace is there for the settings of others. */
async function namesIn(path: string, schema: string): Promise<string[]> {
  const code = (await import(pathToFileURL(join(root, path)).href)) as Readonly<Record<string, Settings>>;
  return Object.keys(code[schema]!.shape);
}

/** What a process of docker-compose.yml reads from its environment, as its code says. */
export async function settingsReadBy(name: string): Promise<string[]> {
  if (name === 'topics') {
    const source = await read('tools/kafka/src/create-topics.ts');
    return [...source.matchAll(/process\.env\['(\w+)'\]/g)].map(([, variable]) => variable!);
  }
  if (name === 'loa') return namesIn('tools/loa/src/installation.ts', 'InstallationSettings');
  if (name === 'migrate-gateway') return ['LOA_OWNER_DATABASE_URL'];
  if (name === 'gateway-api') return namesIn('apps/gateway/src/config.ts', 'ApiSettings');
  if (name === 'gateway-projector') return namesIn('apps/gateway/src/config.ts', 'ProjectorSettings');
  const other = name.startsWith('migrate-') ? 'serving' : 'migrating';
  const settings = settingsOf(name.replace('migrate-', ''));
  return settings.filter(({ readBy }) => readBy !== other).map((setting) => setting.name);
}
