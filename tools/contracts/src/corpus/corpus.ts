import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisedVersions, root, schemaOf } from '../event-schemas.js';
import { notShown, type Wanted } from './coverage.js';
import { storyOf, type Story } from './story.js';

/**
 * Events of every version that a release ever wrote, kept for ever. A chapter is the whole story as one release stated
 * it; SHA256SUMS (as `sha256sum -c` reads it) says that it is still the same.
 */
export const corpusFolder = join(root, 'tools', 'contracts', 'corpus');
const SUMS = 'SHA256SUMS';

export interface Chapter {
  /** e.g. 0001.json */
  readonly file: string;
  readonly story: Story;
}

/** The chapters, oldest first. @throws when one is not as it was when it was written */
export async function chapters(folder = corpusFolder): Promise<Chapter[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).toSorted();
  const sums = await sumsIn(folder);
  if (files.join() !== [...sums.keys()].join())
    throw new Error(`the corpus holds ${files.join(', ')}, and ${SUMS} names ${[...sums.keys()].join(', ')}`);
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      if (sumOf(text) !== sums.get(file))
        throw new Error(
          `${file} of the corpus was changed: what was written once stays; add to story.ts instead`,
        );
      return { file, story: JSON.parse(text) as Story };
    }),
  );
}

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

async function sumsIn(folder: string): Promise<Map<string, string>> {
  const text = await readFile(join(folder, SUMS), 'utf8').catch(() => '');
  return new Map([...text.matchAll(/^([0-9a-f]{64}) {2}(\S+)$/gm)].map(([, sum, file]) => [file!, sum!]));
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
  await mkdir(folder, { recursive: true });
  const written = await chapters(folder);
  const before = written.map(({ story }) => story);
  if (notShown(versions, before).length === 0) return undefined;
  const story = tell(written.length + 1);
  const missing = notShown(versions, [...before, story]);
  if (missing.length > 0)
    throw new Error(`tools/contracts/src/corpus/story.ts must show it:\n  ${missing.join('\n  ')}`);
  const file = `${String(written.length + 1).padStart(4, '0')}.json`;
  const text = `${JSON.stringify(story, null, 2)}\n`;
  await writeFile(join(folder, file), text, { flag: 'wx' });
  await writeFile(join(folder, SUMS), `${sumOf(text)}  ${file}\n`, { flag: 'a' });
  return file;
}
