import { Inject, Logger, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { FileStore } from '@loa/files';
import type { FastifyInstance } from 'fastify';
import { fileRoutes } from './file.routes.js';

/** Either the store, or the folder to keep one in, which is made when it is not there. */
export type FilesOptions = { readonly store: FileStore } | { readonly folder: string };

/** `/files`: evidence is uploaded here first and attached by its hash afterwards. Exports the {@link FileStore}. */
@Module({})
export class FilesModule implements OnModuleInit {
  private readonly logger = new Logger(FilesModule.name);

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(FileStore) private readonly store: FileStore,
  ) {}

  static forRoot(options: FilesOptions): DynamicModule {
    const store = 'store' in options ? options.store : new FileStore(options);
    return {
      module: FilesModule,
      providers: [{ provide: FileStore, useValue: store }],
      exports: [FileStore],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.store.sweep(new Date());
    const onError = (error: unknown) => this.logger.error(error);
    await this.host.httpAdapter
      .getInstance<FastifyInstance>()
      .register(fileRoutes({ store: this.store, onError }));
  }
}
