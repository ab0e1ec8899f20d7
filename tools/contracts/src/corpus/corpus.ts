import { join } from 'node:path';
import { promisedVersions, root, schemaOf } from '../event-schemas.js';
import { notShown, type Wanted } from './coverage.js';
import { addSealed, sealedFiles } from './sealed-folder.js';
import { storyOf, type Story } from './story.js';

/**
 * Events of every version that a release ever wrote, kept for ever. A chapter is the whole story as one release stated
 * it, and is never changed.
 */
export const corpusFolder = join(root, 'tools', 'contracts', 'corpus');

export interface Chapter {
  /** e.g. 0001.json */
  readonly file: string;
  readonly story: Story;
}

/** The chapters, oldest first. @throws when one is not as it was when it was written */
export async function chapters(folder = corpusFolder): Promise<Chapter[]> {
  const files = await sealedFiles(folder);
  return files.map(({ file, text }) => ({ file, story: JSON.parse(text) as Story }));
}

/** Every version of every event, with its schema. */
export const wanted = (): Wanted[] =>
  promisedVersions.map(({ event, schemaVersion, schema }) => ({
    type: event.type,
    schemaVersion,
    schema: schemaOf(event, schema),
  }));

/**
 * Writes a chapter when this release can state something that no chapter shows.
 * @returns its file, or nothing when there is nothing new
 * @throws when the story does not show what is new either
 */
export async function writeChapter({
  folder = corpusFolder,
  versions = wanted(),
  tell = storyOf,
} = {}): Promise<string | undefined> {
  const written = await chapters(folder);
  const before = written.map(({ story }) => story);
  if (notShown(versions, before).length === 0) return undefined;
  const story = tell(written.length + 1);
  const missing = notShown(versions, [...before, story]);
  if (missing.length > 0)
    throw new Error(`tools/contracts/src/corpus/story.ts must show it:\n  ${missing.join('\n  ')}`);
  return addSealed(folder, story);
}
