/**
 * Enters into package-lock.json what npm leaves out when it cannot look a package up: the builds of a native package for
 * other platforms. `npm ci` of npm 11 refuses a lock file without them ("Missing: @swc/core-darwin-arm64@… from lock
 * file"), on every platform. Run it after `npm install`; with `--check` it only compares and exits with 1.
 *
 * An entry made here has no integrity: npm adds it on a machine that really installs the package.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const flags = process.argv.slice(2);
const file =
  flags.find((flag) => !flag.startsWith('--')) ??
  join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;

const platform =
  /(darwin|win32|linux|freebsd|android|openharmony)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64)(?:-(gnu|musl|msvc|android)?\w*)?$/;

function entryFor(name, version, { engines }) {
  const [, os, cpu, abi] = platform.exec(name) ?? [];
  if (!os)
    throw new Error(`${name} is an optional dependency for no platform that is known here: add it by hand`);
  const libc = os === 'linux' ? { gnu: ['glibc'], musl: ['musl'] }[abi] : undefined;
  return { version, cpu: [cpu], ...(libc && { libc }), optional: true, os: [os], engines };
}

const missing = new Map();
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (packages[`node_modules/${name}`] || packages[`${path}/node_modules/${name}`]) continue;
    missing.set(`node_modules/${name}`, entryFor(name, version, entry));
  }
}

if (missing.size > 0 && flags.includes('--check')) {
  console.error(
    `the lock file leaves out ${missing.size} packages: run "node tools/architecture/complete-lock.mjs"`,
  );
  for (const path of missing.keys()) console.error(`  ${path}`);
  process.exit(1);
}
if (missing.size > 0) {
  const all = [...Object.entries(packages), ...missing].sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(all) }, null, 2)}\n`);
  console.log(`entered ${missing.size} packages for other platforms`);
}
