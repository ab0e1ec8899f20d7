import { readFileSync, writeFileSync } from 'node:fs';

/** Takes the development dependencies out of the manifests that are named. For the runtime stage of the Dockerfile. */
for (const path of process.argv.slice(2)) {
  const { devDependencies: _, ...manifest } = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
}
