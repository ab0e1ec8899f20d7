import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Ends a process group at once; nothing happens when it has ended already. */
export function killGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** The command line of a process, or '' when there is none: a number in a file may by now be somebody else's process. */
export async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.replaceAll('\0', ' ');
  }
  return run('ps', ['-o', 'args=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

/**
 * Kills the process groups named in `<folder>/node-<n>/pid` as soon as this process is gone, however it went: a pipe
 * that nobody else holds is closed by the system even after kill -9. With `remove`, the folder goes too.
 */
export function watchOver(folder: string, { remove }: { remove: boolean }): ChildProcess {
  const script = `
    cat > /dev/null
    for pid in "$0"/node-*/pid; do [ -f "$pid" ] && kill -9 -"$(cat "$pid")" 2> /dev/null; done
    ${remove ? 'rm -rf "$0"' : ''}`;
  const watcher = spawn('sh', ['-c', script, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  return watcher;
}
