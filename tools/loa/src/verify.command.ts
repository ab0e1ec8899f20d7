import { RootExport, verifyLog, type Verification } from '@loa/seals';
import { drawn } from '@loa/terminal';
import { readFile } from 'node:fs/promises';
import { CannotDo } from './cannot-do.js';
import { contextNamed } from './context-named.js';
import type { Installation } from './installation.js';
import { withLog } from './lent-log.js';
import type { Outcome } from './outcome.js';

interface Verified extends Verification {
  readonly context: string;
  /** Sizes, in events, of the exported roots that the log was held against as well. */
  readonly exportedRoots: readonly number[];
}

/** Reads whole logs and compares them with their seals, and with roots that were exported before. */
export async function verify(
  { contexts }: Installation,
  options: { context?: string; rootFiles: readonly string[]; onProgress?: (line: string) => void },
): Promise<Outcome> {
  const exported = await Promise.all(options.rootFiles.map(readRoot));
  for (const { context } of exported) {
    contextNamed(contexts, context);
    if (options.context !== undefined && context !== options.context)
      throw new CannotDo(`the root is one of ${context}, and only ${options.context} is to be verified`);
  }
  const wanted = options.context === undefined ? contexts : [contextNamed(contexts, options.context)];
  const done: Verified[] = [];
  for (const place of wanted) {
    const { name } = place;
    const roots = exported.filter(({ context }) => context === name);
    const verification = await withLog(place, (store) =>
      verifyLog(store, {
        exported: roots,
        onProgress: ({ position, head }) => options.onProgress?.(`${name}: ${position} of ${head} events`),
      }),
    );
    done.push({ context: name, exportedRoots: roots.map(({ size }) => size), ...verification });
  }
  return {
    json: { logs: done },
    attention: done.some(({ finding }) => finding !== undefined),
    text: drawn({
      title: 'Logs against their seals',
      columns: ['context', 'events', 'sealed', 'seals', 'exported roots of', 'result'],
      rows: done.map(({ context, events, sealed, seals, exportedRoots, finding }) => [
        context,
        String(events),
        String(sealed),
        String(seals),
        exportedRoots.map((size) => `${size} events`).join(', ') || '–',
        finding ? `${finding.kind} at ${finding.position}` : 'as sealed',
      ]),
      notes: done.flatMap(({ context, finding }) => (finding ? [`${context}: ${finding.detail}`] : [])),
    }),
  };
}

export async function readRoot(file: string): Promise<RootExport> {
  const parsed = RootExport.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  throw new CannotDo(`${file} holds no root that "loa root" exported: ${parsed.error.issues[0]!.message}`);
}

export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new CannotDo(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
