import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { evidenceMediaTypes, sniffMediaType } from './media-type.sniffer.js';
import { isSha256, LARGEST_FILE, type PutRefusal, type PutResult, type StoredFile } from './stored-file.js';

export interface FileStoreOptions {
  /** Made when it is not there. Several processes may share it. */
  readonly folder: string;
  /** Media types that are taken in; what agencies hand in as evidence when left out. */
  readonly mediaTypes?: readonly string[];
}

export interface PutOptions {
  /** What the bytes must hash to. */
  readonly sha256: string;
  /** How many bytes there must be; any number when left out. */
  readonly bytes?: number;
  /** 25 MiB when left out. */
  readonly maxBytes?: number;
}

const ABANDONED_MS = 24 * 60 * 60 * 1000;
const missing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/**
 * Files under the hash of their bytes: `<folder>/aa/bb/<sha256>`. A file is there whole or not at all, and never
 * changes; the same bytes put twice are one file.
 */
export class FileStore {
  private readonly mediaTypes: ReadonlySet<string>;

  constructor(private readonly options: FileStoreOptions) {
    this.mediaTypes = new Set(options.mediaTypes ?? evidenceMediaTypes);
  }

  /**
   * Takes in bytes as they come, without holding them in memory. It returns once they would survive a power cut.
   * The bytes are read and hashed even when the file is there already: the answer tells nobody what is stored.
   * @throws what reading the stream or writing the folder throws; then nothing is kept
   */
  async put(stream: Readable, options: PutOptions): Promise<PutResult> {
    if (!isSha256(options.sha256)) return { status: 'refused', reason: 'not-a-sha256' };
    const part = join(this.options.folder, 'incoming', randomUUID());
    await mkdir(dirname(part), { recursive: true });
    try {
      const refused = await receive(stream, part, options);
      if (refused !== undefined) return { status: 'refused', reason: refused };
      const mediaType = await sniffMediaType(part);
      if (mediaType === undefined || !this.mediaTypes.has(mediaType))
        return { status: 'refused', reason: 'media-type' };
      const { size: bytes } = await stat(part);
      await this.keep(part, options.sha256);
      return { status: 'stored', file: { sha256: options.sha256, bytes, mediaType } };
    } finally {
      await rm(part, { force: true });
    }
  }

  /** @returns undefined when there is no such file */
  async stat(sha256: string): Promise<StoredFile | undefined> {
    if (!isSha256(sha256)) return undefined;
    const path = this.pathOf(sha256);
    try {
      const { size: bytes } = await stat(path);
      return { sha256, bytes, mediaType: (await sniffMediaType(path)) ?? 'application/octet-stream' };
    } catch (error) {
      if (missing(error)) return undefined;
      throw error;
    }
  }

  /** @returns undefined when there is no such file; otherwise the caller must read the stream or destroy it */
  async open(sha256: string): Promise<{ readonly file: StoredFile; readonly stream: Readable } | undefined> {
    const file = await this.stat(sha256);
    return file && { file, stream: createReadStream(this.pathOf(sha256)) };
  }

  /** Removes what uploads left behind that were cut off by a crash more than a day ago. */
  async sweep(now: Date): Promise<void> {
    const incoming = join(this.options.folder, 'incoming');
    await mkdir(incoming, { recursive: true });
    for (const name of await readdir(incoming)) {
      const path = join(incoming, name);
      const found = await stat(path).catch((error: unknown) => {
        if (missing(error)) return undefined;
        throw error;
      });
      if (found && now.getTime() - found.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
    }
  }

  private pathOf(sha256: string): string {
    return join(this.options.folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  /** The bytes are on the disk by now; the name must be too, or a power cut could lose a file that was acknowledged. */
  private async keep(part: string, sha256: string): Promise<void> {
    const path = this.pathOf(sha256);
    await mkdir(dirname(path), { recursive: true });
    await rename(part, path);
    for (const folder of [dirname(path), dirname(dirname(path)), this.options.folder])
      await syncFolder(folder);
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @returns why the bytes are not wanted; then the rest of the stream is left unread */
async function receive(stream: Readable, part: string, options: PutOptions): Promise<PutRefusal | undefined> {
  const handle = await open(part, 'wx');
  try {
    return await write(stream, handle, options);
  } finally {
    await handle.close();
  }
}

async function write(
  stream: Readable,
  handle: FileHandle,
  { sha256, bytes, maxBytes = LARGEST_FILE }: PutOptions,
): Promise<PutRefusal | undefined> {
  if (bytes !== undefined && bytes > maxBytes) return 'too-large';
  const hash = createHash('sha256');
  let written = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    written += chunk.length;
    if (written > maxBytes) return 'too-large';
    hash.update(chunk);
    await handle.appendFile(chunk);
  }
  if (written === 0) return 'empty';
  if (bytes !== undefined && written !== bytes) return 'size-differs';
  if (hash.digest('hex') !== sha256) return 'hash-differs';
  await handle.sync();
  return undefined;
}
