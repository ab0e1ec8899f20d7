import type { Client } from '@loa/outside';
import { createHash } from 'node:crypto';

/** @returns the file as evidence names it */
export async function upload(client: Client, text: string) {
  const bytes = Buffer.from(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const response = await fetch(`${client.url}/files/${sha256}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/pdf' },
    body: bytes,
  });
  expect([response.status, await response.json()]).toEqual([
    201,
    { sha256, bytes: bytes.length, mediaType: 'application/pdf' },
  ]);
  return { sha256, bytes: bytes.length, mediaType: 'application/pdf', name: 'danh-sach.pdf' };
}
