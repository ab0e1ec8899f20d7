import { LARGEST_FILE } from '@loa/files';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { FilesModule } from './files.module.js';

let app: NestFastifyApplication;
let folder: string;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-gateway-files-'));
  app = await NestFactory.create<NestFastifyApplication>(
    FilesModule.forRoot({ folder }),
    new FastifyAdapter(),
    {
      logger: false,
    },
  );
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const pdfOf = (bytes: number): Buffer<ArrayBuffer> =>
  Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(bytes - 9)]);
const pdf = pdfOf(3_000_000);
const json = { 'content-type': 'application/json' };

const put = (bytes: Buffer<ArrayBuffer>, hash = sha256(bytes), headers: Record<string, string> = {}) =>
  fetch(`${url}/files/${hash}`, { method: 'PUT', body: bytes, headers });
const putInChunks = (bytes: Buffer<ArrayBuffer>) =>
  fetch(`${url}/files/${sha256(bytes)}`, {
    method: 'PUT',
    body: new Blob([bytes]).stream(),
    duplex: 'half',
  } as RequestInit);
const stored = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((found) => found.isFile())
    .map(({ name }) => name);

it('takes a file of any content type and gives it back as an attachment', async () => {
  const answer = await put(pdf, sha256(pdf), json);
  expect(answer.status).toBe(201);
  expect(await answer.json()).toEqual({
    sha256: sha256(pdf),
    bytes: pdf.length,
    mediaType: 'application/pdf',
  });

  const back = await fetch(`${url}/files/${sha256(pdf)}?name=Biên bản.exe`);
  expect(back.status).toBe(200);
  expect(Object.fromEntries(back.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-length': String(pdf.length),
    'content-disposition': `attachment; filename="Bi_n b_n.pdf"; filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n.pdf`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
  expect(sha256(new Uint8Array(await back.arrayBuffer()))).toBe(sha256(pdf));
});

it('takes it again, and in chunks without a length, and without a content type', async () => {
  expect((await put(pdf)).status).toBe(201);
  expect((await putInChunks(pdf)).status).toBe(201);
  expect(await stored()).toEqual([sha256(pdf)]);
});

it.each([
  ['hash-differs', 422, () => put(pdf, sha256(Buffer.from('other')))],
  ['not-a-sha256', 400, () => put(pdf, 'abc')],
  ['empty', 400, () => put(Buffer.alloc(0))],
  ['empty', 400, () => fetch(`${url}/files/${sha256(pdf)}`, { method: 'PUT' })],
  [
    'media-type',
    415,
    () =>
      put(Buffer.from('<?xml version="1.0"?><svg onload="x"/>'), undefined, { 'content-type': 'image/png' }),
  ],
  ['too-large', 413, () => put(pdfOf(LARGEST_FILE + 1))],
  ['too-large', 413, () => putInChunks(pdfOf(LARGEST_FILE + 5_000_000))],
  ['file-not-found', 404, () => fetch(`${url}/files/${sha256(Buffer.from('other'))}`)],
  ['file-not-found', 404, () => fetch(`${url}/files/..%2f..%2fetc`)],
])('answers %s with %i, in both languages', async (code, status, send) => {
  const answer = await send();
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({
    code,
    message: { vi: expect.stringMatching(/\.$/) as string, en: expect.stringMatching(/\.$/) as string },
  });
  expect(await stored()).toEqual([sha256(pdf)]);
});

it('cuts off a sender that does not stop', async () => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const heard = text(socket).catch(() => 'cut off');
  socket.write(`PUT /files/${sha256(pdf)} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`);
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x100000, 'x'), Buffer.from('\r\n')]);
  let sent = 0;
  while (!socket.destroyed && socket.writable && sent < 4 * LARGEST_FILE) {
    sent += 0x100000;
    await new Promise((written) => socket.write(chunk, written));
  }
  socket.destroy();
  await heard;
  expect(sent).toBeLessThan(3 * LARGEST_FILE);
});

it('keeps nothing of an upload that breaks off, and goes on', async () => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`PUT /files/${sha256(pdf)} HTTP/1.1\r\nhost: x\r\ncontent-length: ${pdf.length}\r\n\r\n`);
  await new Promise((written) => socket.write(pdf.subarray(0, 100_000), written));
  socket.destroy();
  expect((await put(pdf)).status).toBe(201);
});
