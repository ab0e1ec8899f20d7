import type { ChildProcess } from 'node:child_process';

const ENDS_WITHIN_MS = 20_000;

/** Ends a child by its own pid and waits until it is gone; one that does not heed SIGTERM is killed. */
export async function endProcess(
  child: ChildProcess,
  signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM',
): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const last = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
  await ended;
  clearTimeout(last);
}
