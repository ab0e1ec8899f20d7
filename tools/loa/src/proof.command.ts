import { EventProof, checkProof, exportRoot, proveEvent } from '@loa/seals';
import { CannotDo } from './cannot-do.js';
import { contextNamed } from './context-named.js';
import type { Installation } from './installation.js';
import { withLog } from './lent-log.js';
import type { Outcome } from './outcome.js';
import { readJson, readRoot } from './verify.command.js';

const printed = (value: unknown): string => JSON.stringify(value, null, 2);

/** The newest root of a log, to be kept somewhere else. */
export async function root({ contexts }: Installation, context: string): Promise<Outcome> {
  const place = contextNamed(contexts, context);
  const exported = await withLog(place, (store) => exportRoot(context, store));
  if (!exported)
    throw new CannotDo(`nothing of ${context} is sealed yet: its service seals about once a second`);
  return { json: exported, text: printed(exported) };
}

/** One event with its way to the root, to be checked by anybody. */
export async function prove({ contexts }: Installation, context: string, position: number): Promise<Outcome> {
  const place = contextNamed(contexts, context);
  const proof = await withLog(place, (store) => proveEvent(context, store, position));
  if (!proof) throw new CannotDo(`${context} has no sealed event at position ${position}`);
  const wrong = checkProof(proof);
  if (wrong !== undefined) throw new CannotDo(`nothing can be proved: ${wrong}. Run "loa verify ${context}"`);
  return { json: proof, text: printed(proof) };
}

/**
 * Needs no database and no network.
 * @param rootFile a root that came another way, to be believed instead of the one in the proof
 */
export async function check(file: string, rootFile: string | undefined): Promise<Outcome> {
  const trusted = rootFile === undefined ? undefined : await readRoot(rootFile);
  const parsed = EventProof.safeParse(await readJson(file));
  if (!parsed.success) throw new CannotDo(`${file} holds no proof that "loa prove" made`);
  const { event, root: of } = parsed.data;
  if (trusted && trusted.context !== of.context)
    throw new CannotDo(
      `${file} is about an event of ${of.context}, and the trusted root is one of ${trusted.context}`,
    );
  const wrong = checkProof(parsed.data, trusted);
  return {
    json: {
      holds: wrong === undefined,
      trustedRoot: trusted !== undefined,
      ...(wrong !== undefined && { wrong }),
      position: event.position,
      root: of.root,
    },
    attention: wrong !== undefined,
    text:
      wrong ??
      `event ${event.position} (${event.type}) of ${of.context} is among the ${of.size} events of root ${of.root}` +
        (trusted
          ? ''
          : '\nthat root is the one in the file: with --root and one that you trust this shows more'),
  };
}
