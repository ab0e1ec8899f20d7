import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** Milliseconds of a clock that never goes back, the same for all processes of this machine. */
export const clock = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * Lines of JSON in a file, one write a line, so that a process that is killed leaves whole lines behind. What it had not
 * written it had not done either: it writes before it acts on an answer.
 */
export class Journal {
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, 'a');
    // A line that was torn ends here.
    writeSync(this.file, '\n');
  }

  write(entry: unknown): void {
    writeSync(this.file, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}

/** @returns the entries of a journal; none when there is no such file yet */
export function readJournal<Entry>(path: string): Entry[] {
  return linesOf(path).flatMap((line) => {
    try {
      return [JSON.parse(line) as Entry];
    } catch {
      // Torn by a kill: it was never acted on.
      return [];
    }
  });
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
