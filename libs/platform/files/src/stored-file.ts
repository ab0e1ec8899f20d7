/** Why bytes were not taken in. Codes are stable. */
export type PutRefusal =
  'not-a-sha256' | 'empty' | 'too-large' | 'size-differs' | 'hash-differs' | 'media-type';

export interface StoredFile {
  /** Of the bytes, 64 lower-case hexadecimal digits. It is the name of the file. */
  readonly sha256: string;
  readonly bytes: number;
  /** Told by the bytes themselves, not by the sender. */
  readonly mediaType: string;
}

export type PutResult =
  | { readonly status: 'stored'; readonly file: StoredFile }
  | { readonly status: 'refused'; readonly reason: PutRefusal };

export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** 25 MiB. */
export const LARGEST_FILE = 25 * 1024 * 1024;
