import { spawn } from 'node:child_process';

export interface Ran {
  /** Its exit code; null when a signal ended it. */
  readonly code: number | null;
  /** What it printed as its result. */
  readonly out: string;
  /** How far it came, and what went wrong. */
  readonly err: string;
}

/**
 * Runs a program to its end.
 * @param environment all that it gets to know
 */
export async function ran(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ran> {
  const child = spawn(process.execPath, ['--enable-source-maps', script, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.err += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, ...printed };
}
