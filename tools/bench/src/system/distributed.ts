import { Distributed } from '@loa/distributed';
import { endProcess } from '@loa/outside';
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { removeFolder, temporaryFolder } from './folder.js';
import { root } from './root.js';

/** The five processes run what was built. @throws with what the compiler said */
export async function build({ closing }: Bench): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  closing.add(() => endProcess(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`npx tsc -b ended with ${code}:\n${output.slice(0, 2_000)}`);
}

/** Real Kafka, PostgreSQL and five processes, on a folder that is removed whether or not they start. */
export async function startDistributed(bench: Bench): Promise<Distributed> {
  const folder = await temporaryFolder('distributed');
  bench.closing.add(() => removeFolder(folder));
  const onStep = (step: string) => bench.step(`distributed: ${step}`);
  return bench.closing.hold(
    () => Distributed.start({ folder, onStep }),
    (system) => system.stop(),
  );
}

/** From the name of the broker's jar. */
export async function kafkaVersion(): Promise<string> {
  const libs = join(root, 'tools', 'kafka', 'libs');
  for (const folder of await readdir(libs).catch(() => [])) {
    for (const name of await readdir(join(libs, folder)).catch(() => [])) {
      const version = /^kafka-server-(\d[\w.]*)\.jar$/.exec(name)?.[1];
      if (version) return version;
    }
  }
  return 'unknown';
}
