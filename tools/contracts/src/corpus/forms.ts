import { join } from 'node:path';
import { breaches } from '../additive.js';
import { corpusFolder, wanted } from './corpus.js';
import type { Wanted } from './coverage.js';
import { addSealed, sealedFiles } from './sealed-folder.js';

/**
 * Every form that a version of an event ever had, since a version may grow by additions: each file holds those that were
 * new when it was written. A change of code and schema together is held to them, and they are never changed.
 */
export const formsFolder = join(corpusFolder, 'forms');

/** Oldest first. @throws when a file is not as it was when it was written */
export async function forms(folder = formsFolder): Promise<Wanted[]> {
  const files = await sealedFiles(folder);
  return files.flatMap(({ text }) => JSON.parse(text) as Wanted[]);
}

const sameVersion = (a: Wanted, b: Wanted) => a.type === b.type && a.schemaVersion === b.schemaVersion;
/** In other words perhaps: whatever fits one fits the other, with the same fields. */
const sameForm = (a: Wanted, b: Wanted) =>
  sameVersion(a, b) && breaches(a.schema, b.schema).length === 0 && breaches(b.schema, a.schema).length === 0;

/** @returns a sentence for each way in which what is promised now is no addition to a form of before */
export function brokenForms(before: readonly Wanted[], now: readonly Wanted[]): string[] {
  return before.flatMap((form) => {
    const name = `${form.type} v${form.schemaVersion}`;
    const current = now.find((one) => sameVersion(one, form));
    if (!current) return [`${name} is gone`];
    return breaches(form.schema, current.schema).map((sentence) => `${name}: ${sentence}`);
  });
}

/** Forms that no file holds yet. */
export const newForms = (before: readonly Wanted[], now: readonly Wanted[]): Wanted[] =>
  now.filter((one) => !before.some((form) => sameForm(form, one)));

/**
 * Writes the forms that are new.
 * @returns the file, or nothing when there is nothing new
 * @throws when a version needs a new number
 */
export async function writeForms(folder = formsFolder, now = wanted()): Promise<string | undefined> {
  const before = await forms(folder);
  const broken = brokenForms(before, now);
  if (broken.length > 0) throw new Error(`this needs a new version:\n  ${broken.join('\n  ')}`);
  const added = newForms(before, now);
  return added.length === 0 ? undefined : addSealed(folder, added);
}
