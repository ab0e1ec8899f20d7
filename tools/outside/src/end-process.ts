import type { ChildProcess } from 'node:child_process';

const ENDS_WITHIN_MS = 20_000;

/**
 * Ends a child by its own pid and waits until it is gone; one that does not heed the signal is killed.
 * @returns its exit code; null when a signal ended it
 */
export async function endProcess(
  child: ChildProcess,
  signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL' = 'SIGTERM',
): Promise<number | null> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const last = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
  const code = await ended;
  clearTimeout(last);
  return code;
}
