import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { FileStore } from './file.store.js';
import { LARGEST_FILE } from './stored-file.js';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(300_000)]);
const inPieces = (bytes: Buffer): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, at) =>
      bytes.subarray(at * 65_536, (at + 1) * 65_536),
    ),
  );

let folder: string;
let store: FileStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-files-'));
  store = new FileStore({ folder });
});
afterEach(() => rm(folder, { recursive: true }));

const put = (bytes: Buffer, options: Partial<Parameters<FileStore['put']>[1]> = {}) =>
  store.put(inPieces(bytes), { sha256: sha256(bytes), ...options });
const everything = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((found) => found.isFile())
    .map(({ name }) => name);

it('keeps a file under its hash and gives it back', async () => {
  const file = { sha256: sha256(pdf), bytes: pdf.length, mediaType: 'application/pdf' };
  expect(await put(pdf, { bytes: pdf.length })).toEqual({ status: 'stored', file });
  expect(await store.stat(file.sha256)).toEqual(file);
  const opened = await store.open(file.sha256);
  expect(opened?.file).toEqual(file);
  expect(await buffer(opened!.stream)).toEqual(pdf);
  expect(await everything()).toEqual([file.sha256]);
});

it('keeps the same bytes once, also when they come twice at a time', async () => {
  const results = await Promise.all([put(pdf), put(pdf), put(pdf)]);
  expect(results.map(({ status }) => status)).toEqual(['stored', 'stored', 'stored']);
  expect(await everything()).toEqual([sha256(pdf)]);
});

it.each([
  ['empty', Buffer.alloc(0), {}],
  ['hash-differs', pdf, { sha256: sha256(Buffer.from('other')) }],
  ['size-differs', pdf, { bytes: pdf.length + 1 }],
  ['size-differs', pdf, { bytes: pdf.length - 1 }],
  ['too-large', pdf, { maxBytes: pdf.length - 1 }],
  ['too-large', pdf, { bytes: LARGEST_FILE + 1 }],
  ['not-a-sha256', pdf, { sha256: '../../etc/passwd' }],
  ['not-a-sha256', pdf, { sha256: sha256(pdf).toUpperCase() }],
])('refuses with %s and keeps nothing', async (reason, bytes, options) => {
  expect(await put(bytes, options)).toEqual({ status: 'refused', reason });
  expect(await everything()).toEqual([]);
});

it('takes 25 MiB, and not one byte more', async () => {
  const largest = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(LARGEST_FILE - 9)]);
  expect(await put(largest)).toMatchObject({ status: 'stored', file: { bytes: LARGEST_FILE } });
  expect(await put(Buffer.concat([largest, Buffer.from('x')]))).toEqual({
    status: 'refused',
    reason: 'too-large',
  });
});

it('stops reading once there is too much', async () => {
  let read = 0;
  const endless = Readable.from(
    (function* () {
      for (;;) {
        read += 65_536;
        yield Buffer.alloc(65_536);
      }
    })(),
  );
  expect(await store.put(endless, { sha256: sha256(pdf), maxBytes: 1_000_000 })).toEqual({
    status: 'refused',
    reason: 'too-large',
  });
  expect(read).toBeLessThan(4_000_000);
});

it('keeps nothing of an upload that breaks off', async () => {
  const broken = Readable.from(
    (function* () {
      yield pdf;
      throw new Error('the connection is gone');
    })(),
  );
  await expect(store.put(broken, { sha256: sha256(pdf) })).rejects.toThrow('the connection is gone');
  expect(await everything()).toEqual([]);
});

/** The beginning of an Office document: a ZIP whose first entry, stored as it is, says what the rest are. */
function office(main: string): Buffer {
  const [name, content] = [
    Buffer.from('[Content_Types].xml'),
    Buffer.from(`<Override ContentType="${main}.main+xml"/>`),
  ];
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(20, 4);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name, content, Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex')]);
}

const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

it.each([
  [word, office(word)],
  [excel, office(excel)],
  ['text/plain', Buffer.from('Kế hoạch 211/KH-UBND\r\n'.repeat(10_000))],
  ['image/png', Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')],
  ['image/jpeg', Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), randomBytes(100)])],
  ['image/webp', Buffer.concat([Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'), randomBytes(50)])],
  ['video/mp4', Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0', 'latin1'), randomBytes(50)])],
  ['application/zip', Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex')],
])('tells %s by its bytes', async (mediaType, bytes) =>
  expect(await put(bytes)).toMatchObject({ status: 'stored', file: { mediaType } }),
);

it.each([
  ['a document with macros', office('application/vnd.ms-word.document.macroEnabled')],
  ['a program', Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), randomBytes(200)])],
  ['an XML page', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['bytes of no kind', Buffer.concat([Buffer.from([0, 1, 2, 3]), Buffer.alloc(200, 0xfe)])],
  ['text that ends in the middle of a letter', Buffer.from('Kế').subarray(0, 3)],
])('does not take %s', async (_what, bytes) => {
  expect(await put(bytes)).toEqual({ status: 'refused', reason: 'media-type' });
  expect(await everything()).toEqual([]);
});

it('knows nothing of what was never put', async () => {
  expect(await store.stat(sha256(pdf))).toBeUndefined();
  expect(await store.open(sha256(pdf))).toBeUndefined();
  expect(await store.stat('../incoming')).toBeUndefined();
});

it('sweeps away what crashed uploads left, and not what is under way', async () => {
  await store.sweep(new Date());
  const [old, young] = [join(folder, 'incoming', 'old'), join(folder, 'incoming', 'young')];
  await Promise.all([old, young].map((path) => writeFile(path, 'part')));
  const twoDaysAgo = new Date(Date.now() - 48 * 60 * 60 * 1000);
  await utimes(old, twoDaysAgo, twoDaysAgo);
  await store.sweep(new Date());
  expect(await everything()).toEqual(['young']);
});
