import { Injectable } from '@nestjs/common';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { edgeError } from '@loa/graphql';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { GraphQLError } from 'graphql';
import { clientError } from './client-error.js';
import type { QueryLimits } from './limits.js';
import { takesStatus } from './response-media-type.js';

export interface EdgeDriverConfig extends ApolloDriverConfig {
  /** Largest body of a request, in bytes. */
  bodyLimit: number;
  limits: QueryLimits;
  newIncident: () => string;
  onIncident: (error: unknown, incident: string) => void;
}

/**
 * Apollo on Fastify, with what must happen before Apollo sees a request: a body limit of this route alone, and
 * answers in the shape of GraphQL for bodies that are too large or unreadable.
 */
@Injectable()
export class EdgeApolloDriver extends ApolloDriver {
  override async start(options: ApolloDriverConfig): Promise<void> {
    const config = options as EdgeDriverConfig;
    const fastify = this.httpAdapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRoute', (route: RouteOptions) => {
      if (route.url !== config.path) return;
      route.bodyLimit = config.bodyLimit;
      route.errorHandler = (error, request, reply) => void answerError(config, error, request, reply);
    });
    await super.start(options);
  }
}

function answerError(
  config: EdgeDriverConfig,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const status = error.statusCode ?? 500;
  const raised = status === 413 ? payloadTooLarge(config.bodyLimit) : uncoded(error, status);
  const { error: told, incident } = clientError(raised.toJSON(), config.limits, config.newIncident());
  if (incident !== undefined) config.onIncident(error, incident);
  return reply
    .status(status)
    .header(
      'content-type',
      `application/${takesStatus(request.headers.accept) ? 'graphql-response+json' : 'json'}; charset=utf-8`,
    )
    .send(JSON.stringify({ errors: [told] }));
}

function payloadTooLarge(limit: number): GraphQLError {
  const size = `${Math.floor(limit / 1024)} KB`;
  return edgeError(
    'PAYLOAD_TOO_LARGE',
    {
      vi: `Yêu cầu lớn hơn ${size}. Rút ngắn văn bản hoặc chia thành nhiều lệnh; tệp thì tải lên bằng PUT /files.`,
      en: `The request is larger than ${size}. Shorten the text or send several commands; upload files with PUT /files.`,
    },
    { maxBytes: limit },
  );
}

/** An error without words of its own: the catalogue has them. */
const uncoded = (error: FastifyError, status: number): GraphQLError =>
  new GraphQLError(error.message, {
    extensions: { code: status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR' },
  });
