import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const SUMS = 'SHA256SUMS';

export interface SealedFile {
  /** e.g. 0001.json */
  readonly file: string;
  readonly text: string;
}

/**
 * The numbered files of a folder in which what was written once stays: SHA256SUMS (as `sha256sum -c` reads it) says that
 * each is still the same.
 * @returns oldest first; none when there is no such folder yet
 * @throws when a file is not as it was when it was written, is missing, or was put there by another hand
 */
export async function sealedFiles(folder: string): Promise<SealedFile[]> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json')).toSorted();
  const sums = await sumsIn(folder);
  const name = basename(folder);
  if (files.join() !== [...sums.keys()].join())
    throw new Error(`${name} holds ${files.join(', ')}, and ${SUMS} names ${[...sums.keys()].join(', ')}`);
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      if (sumOf(text) !== sums.get(file))
        throw new Error(`${file} of ${name} was changed: what was written once stays; only add to it`);
      return { file, text };
    }),
  );
}

/** Writes the next file, and its sum. @returns its name */
export async function addSealed(folder: string, content: unknown): Promise<string> {
  await mkdir(folder, { recursive: true });
  const number = (await sealedFiles(folder)).length + 1;
  const file = `${String(number).padStart(4, '0')}.json`;
  const text = `${JSON.stringify(content, null, 2)}\n`;
  await writeFile(join(folder, file), text, { flag: 'wx' });
  await writeFile(join(folder, SUMS), `${sumOf(text)}  ${file}\n`, { flag: 'a' });
  return file;
}

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

async function sumsIn(folder: string): Promise<Map<string, string>> {
  const text = await readFile(join(folder, SUMS), 'utf8').catch(() => '');
  return new Map([...text.matchAll(/^([0-9a-f]{64}) {2}(\S+)$/gm)].map(([, sum, file]) => [file!, sum!]));
}
