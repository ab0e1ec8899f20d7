import fastifyStatic from '@fastify/static';
import {
  getDistDirectory,
  isSandboxFrame,
  renderAltair,
  SANDBOX_FRAME_CSP,
  type RenderOptions,
} from 'altair-static';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';

/** A ready-made query: it opens in a window of its own. */
export interface ExplorerQuery {
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface ExplorerOptions {
  readonly queries: readonly ExplorerQuery[];
  /** Where the GraphQL server is; `/graphql` when left out. */
  readonly endpoint?: string;
}

const ROOT = '/explorer/';

// Only what comes from here, and only what this very page asked for. Angular and the editor write style attributes,
// which no nonce can cover.
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** The GraphQL explorer (Altair) at `/explorer/`. Everything it needs is served from here: it works without a network. */
export function explorerRoutes(options: ExplorerOptions) {
  const render = pageOf(options);
  return async function explorer(scope: FastifyInstance): Promise<void> {
    await scope.register(fastifyStatic, {
      root: getDistDirectory(),
      prefix: ROOT,
      index: false,
      decorateReply: false,
      maxAge: '1h',
      // The page as it lies there is a template; the one to be seen is rendered below.
      allowedPath: (path) => path !== '/index.html',
      setHeaders(response, path) {
        response.setHeader('x-content-type-options', 'nosniff');
        if (!isSandboxFrame(path)) return;
        // Scripts that a person writes in the explorer run in this frame, which has no origin: for it even our own
        // files come from elsewhere.
        response.setHeader('content-security-policy', SANDBOX_FRAME_CSP);
        response.setHeader('access-control-allow-origin', '*');
      },
    });
    // Whoever comes to the bare address of the server is led here too: nothing else is there to look at.
    for (const path of ['/', ROOT.slice(0, -1)]) scope.get(path, (_request, reply) => reply.redirect(ROOT));
    scope.get(ROOT, (_request, reply) => {
      const nonce = randomBytes(18).toString('base64');
      return reply
        .headers({
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': policy(nonce),
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cache-control': 'no-store',
        })
        .send(render(nonce));
    });
  };
}

// Altair takes absolute addresses only, and only the browser knows for sure by which one it came here.
const ENDPOINT = 'the GraphQL server';

function pageOf({ queries, endpoint = '/graphql' }: ExplorerOptions): (nonce: string) => string {
  const settings: RenderOptions = {
    baseURL: ROOT,
    endpointURL: ENDPOINT,
    instanceStorageNamespace: 'loa_',
    disableAccount: true,
    initialSettings: { language: 'vi-VN', theme: 'system' },
    // Neither advertisements nor questions to the makers' servers, which the policy above would stop anyway.
    persistedSettings: {
      'banners.disable': true,
      'alert.disableUpdateNotification': true,
      disablePushNotification: true,
    },
    initialWindows: queries.map(({ name, query, variables }) => ({
      initialName: name,
      initialQuery: query,
      endpointURL: ENDPOINT,
      ...(variables && { initialVariables: JSON.stringify(variables, null, 2) }),
    })),
  };
  // It would end the script that the queries are written into.
  if (JSON.stringify(queries).includes('</script'))
    throw new Error('a ready-made query may not hold "</script"');
  const address = `new URL(${JSON.stringify(endpoint)}, location.href).href`;
  return (nonce) => renderAltair({ ...settings, cspNonce: nonce }).replaceAll(`\`${ENDPOINT}\``, address);
}
