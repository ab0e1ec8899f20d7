import type { FileStore } from '@loa/files';
import type { Lookup } from '@loa/service';

/** Looks at the file store: which files have arrived, and how large they are. */
export const fromFiles =
  (files: FileStore): Lookup =>
  async (hashes) => {
    const found = await Promise.all(
      hashes.map(async (sha256) => [sha256, await files.stat(sha256)] as const),
    );
    return new Map(found.filter(([, file]) => file !== undefined));
  };
