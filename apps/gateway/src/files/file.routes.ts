import { LARGEST_FILE, type FileStore } from '@loa/files';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { attachment, fileRefusal, type FileRefusal } from './file-answers.js';

type Addressed = FastifyRequest<{ Params: { sha256: string }; Querystring: { name?: unknown } }>;

export interface FileRoutesOptions {
  readonly store: FileStore;
  /** Told of what broke; clients only see that something did. */
  readonly onError: (error: unknown) => void;
}

/**
 * `PUT /files/:sha256` and `GET /files/:sha256`, as a Fastify plugin of its own: only here bodies are streams of any
 * content type, while the rest of the gateway reads JSON of limited size.
 */
export function fileRoutes({ store, onError }: FileRoutesOptions) {
  return async function files(scope: FastifyInstance): Promise<void> {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.setErrorHandler((error, request, reply) => {
      // The sender hung up: there is nobody to answer and nothing to mend.
      if (!request.raw.readableAborted) onError(error);
      return refuse(reply, fileRefusal('broken'));
    });
    scope.put('/files/:sha256', { bodyLimit: LARGEST_FILE }, (request, reply) =>
      upload(store, request as Addressed, reply),
    );
    scope.get('/files/:sha256', (request, reply) => download(store, request as Addressed, reply));
    return Promise.resolve();
  };
}

async function upload(store: FileStore, request: Addressed, reply: FastifyReply) {
  // Fastify has no body at all for a Content-Length of 0.
  const body = request.body instanceof Readable ? request.body : Readable.from([]);
  const declared = request.headers['content-length'];
  const result = await store.put(body, {
    sha256: request.params.sha256,
    ...(declared !== undefined && { bytes: Number(declared) }),
  });
  // 201 also when the file was there before: the answer tells nobody what others have uploaded.
  if (result.status === 'stored') return reply.status(201).send(result.file);
  drain(body);
  return refuse(reply, fileRefusal(result.reason));
}

/**
 * Reads on, so that a sender in the middle of a body gets to see the answer; past what any file may have, it is cut off.
 */
function drain(body: Readable): void {
  let left = LARGEST_FILE;
  body.on('error', () => undefined);
  body.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) body.destroy();
  });
  body.resume();
}

async function download(store: FileStore, request: Addressed, reply: FastifyReply) {
  const { sha256 } = request.params;
  const opened = await store.open(sha256);
  if (!opened) return refuse(reply, fileRefusal('file-not-found'));
  const { file, stream } = opened;
  const { name } = request.query;
  return reply
    .headers({
      'content-type': file.mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : file.mediaType,
      'content-length': file.bytes,
      'content-disposition': attachment(
        typeof name === 'string' ? name : sha256.slice(0, 12),
        file.mediaType,
      ),
      // What strangers uploaded must never run as a page of ours, whatever a browser takes it for.
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, max-age=31536000, immutable',
      etag: `"${sha256}"`,
    })
    .send(stream);
}

const refuse = (reply: FastifyReply, { status, body }: FileRefusal) => reply.status(status).send(body);
