#!/usr/bin/env node
// The same program from a built tree and from sources: what is built and deployed has no sources beside it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const built = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const args = existsSync(source)
  ? ['--conditions=@loa/source', '--import', import.meta.resolve('@swc-node/register/esm-register'), source]
  : [built];
const child = spawn(process.execPath, [...args, ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl-C reaches both: the one that works decides when it is over.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 130 : 2)));
