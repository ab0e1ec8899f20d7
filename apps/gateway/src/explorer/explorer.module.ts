import { Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { explorerRoutes, type ExplorerOptions } from './explorer.routes.js';

export type { ExplorerOptions, ExplorerQuery } from './explorer.routes.js';

const OPTIONS = Symbol('explorer options');

/** A GraphQL explorer for people, at `/explorer/`. Leave the module out where there should be none. */
@Module({})
export class ExplorerModule implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(OPTIONS) private readonly options: ExplorerOptions,
  ) {}

  static forRoot(options: ExplorerOptions): DynamicModule {
    return { module: ExplorerModule, providers: [{ provide: OPTIONS, useValue: options }] };
  }

  async onModuleInit(): Promise<void> {
    await this.host.httpAdapter.getInstance<FastifyInstance>().register(explorerRoutes(this.options));
  }
}
