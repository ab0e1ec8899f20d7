import { fileTypeFromFile } from 'file-type';
import { createReadStream } from 'node:fs';

/** What agencies hand in as evidence. Nothing that a browser would run, and no documents with macros. */
export const evidenceMediaTypes: readonly string[] = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'image/webp',
  'video/mp4',
  'audio/mpeg',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/zip',
  'text/plain',
];

/**
 * The media type of a file by its bytes, whatever its sender calls it.
 * Text has no magic number: a file is text when all of it is UTF-8 without control characters.
 * @returns undefined when it is none that is known
 */
export async function sniffMediaType(path: string): Promise<string | undefined> {
  const known = await fileTypeFromFile(path);
  if (known) return known.mime;
  return (await isText(path)) ? 'text/plain' : undefined;
}

async function isText(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      // eslint-disable-next-line no-control-regex
      if (/[\u0000-\u0008\u000e-\u001f]/.test(decoder.decode(chunk, { stream: true }))) return false;
    }
    decoder.decode();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false;
    throw error;
  }
}
