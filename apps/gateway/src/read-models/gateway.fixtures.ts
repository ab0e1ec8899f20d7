import { monitoring } from '@loa/contracts-monitoring';
import { planning } from '@loa/contracts-planning';
import { reporting } from '@loa/contracts-reporting';
import { openPool, type DatabaseAccess } from '@loa/database';
import type { Localized } from '@loa/event-sourcing';
import { commandSchema } from '@loa/graphql';
import type { Projector } from '@loa/projections';
import { freshDatabase } from '@loa/testing';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type pg from 'pg';
import type { EdgeDriverConfig } from '../graphql/edge-apollo.driver.js';
import { graphqlOptions } from '../graphql/graphql.options.js';
import { questions } from '../gateway.module.js';
import { HttpParkedDesk } from '../operations/http-parked.sender.js';
import { OperationsModule } from '../operations/operations.module.js';
import type { KnowledgeDesks } from '../operations/parked-desk.js';
import { driftSdl } from '../operations/drift/drift.sdl.js';
import { parkedSdl } from '../operations/parked.sdl.js';
import { readProjector, readSchema } from '../read-side.js';
import { Log } from './events.fixtures.js';
import { openQuestions } from './read-database.table.js';
import { ReadModelsModule } from './read-models.module.js';
import { readModelSdl } from './read-models.js';

/** What operators prove themselves with here. */
export const OPERATOR = 'the-token-of-the-operators-of-this-test';
/** How long questions wait here, in ms. */
export const PATIENCE_MS = 1_500;

/** Asks a service as the gateway does that lets {@link OPERATOR} in. */
export const deskAt = (context: string, service: string, operatorToken = OPERATOR): HttpParkedDesk =>
  new HttpParkedDesk({ context, service, operatorToken, onNoAnswer: () => undefined });

/** Services that do not run. */
export const nobody: KnowledgeDesks = {
  'reporting-knowledge': deskAt('reporting', 'http://127.0.0.1:1'),
  'monitoring-knowledge': deskAt('monitoring', 'http://127.0.0.1:1'),
};

@Module({})
class QueriesModule {}

export interface GraphqlAnswer<Data> {
  readonly data: Data | null;
  readonly extensions?: { readonly freshness?: unknown };
  readonly errors?: readonly {
    readonly extensions: { readonly code: string; readonly messages: Localized };
  }[];
}

/** The queries of the gateway over a database of their own, and a log of each context that leads there. */
export class QueryGateway {
  readonly planning = new Log('planning');
  readonly reporting = new Log('reporting');
  readonly monitoring = new Log('monitoring');
  readonly incidents: unknown[] = [];
  /** What time the resolvers think it is. */
  now = new Date('2022-12-01T03:00:00Z');
  private app!: NestFastifyApplication;
  private url = '';
  readonly projector: Projector;

  private constructor(
    readonly access: DatabaseAccess,
    readonly pool: pg.Pool,
    readonly questions: pg.Pool,
    private readonly knowledge: KnowledgeDesks,
  ) {
    this.projector = readProjector(pool);
  }

  static async start(knowledge = nobody): Promise<QueryGateway> {
    const access = await freshDatabase('read', readSchema);
    const pool = openPool({ connectionString: access.runtime, applicationName: 'read-models.spec' });
    const gateway = new QueryGateway(
      access,
      pool,
      openQuestions({ connectionString: access.runtime, applicationName: 'read-models.spec' }),
      knowledge,
    );
    await gateway.listen();
    return gateway;
  }

  /** Brings the rows up to the end of the logs. */
  async deliver(): Promise<void> {
    for (const log of [this.planning, this.reporting, this.monitoring])
      await this.projector.handle(log.batch());
  }

  /** The answer to a query that must not fail. */
  async ask<Data = Record<string, never>>(
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<Data> {
    const { data, errors } = await this.request<Data>(query, variables);
    if (errors || data === null) throw new Error(JSON.stringify([errors, this.incidents.map(String)]));
    return data;
  }

  async request<Data>(
    query: string,
    variables: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<GraphqlAnswer<Data>> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphqlAnswer<Data>;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.questions.end();
    await this.pool.end();
  }

  private async listen(): Promise<void> {
    const commands = commandSchema([planning, reporting, monitoring]);
    const { database, freshness, support } = questions({
      questions: this.questions,
      partitions: 1,
      patienceMs: PATIENCE_MS,
    });
    const options = graphqlOptions({
      typeDefs: [...readModelSdl, parkedSdl, driftSdl, commands.typeDefs],
      resolvers: [commands.enums],
      introspection: true,
      onIncident: (error) => this.incidents.push(error),
      ...support,
    });
    const module = {
      module: QueriesModule,
      imports: [
        ReadModelsModule.forRoot({ database, freshness, now: () => this.now }),
        OperationsModule.forRoot({
          pool: this.pool,
          knowledge: this.knowledge,
          database,
          operatorToken: OPERATOR,
        }),
        GraphQLModule.forRoot<EdgeDriverConfig>(options),
      ],
    };
    this.app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
      logger: false,
    });
    await this.app.listen(0, '127.0.0.1');
    this.url = `${await this.app.getUrl()}/graphql`;
  }
}
