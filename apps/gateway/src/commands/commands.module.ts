import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common';
import { commandSchema, type CommandSender, type ContextContract } from '@loa/graphql';
import { randomUUID } from 'node:crypto';
import { commandMutations } from './command-mutations.js';

/** What {@link COMMANDS} stands for: the part of the schema that commands make, and how it is carried out. */
export interface Commands {
  readonly typeDefs: string;
  readonly resolvers: object;
}

/** Injection token of {@link Commands}. */
export const COMMANDS = Symbol('commands');

export interface CommandsOptions {
  readonly contexts: readonly ContextContract[];
  readonly sender: CommandSender;
}

export interface CommandsAsyncOptions
  extends Pick<ModuleMetadata, 'imports'>, Pick<FactoryProvider<CommandSender>, 'inject' | 'useFactory'> {
  readonly contexts: readonly ContextContract[];
}

/** The mutations of the gateway, derived from the contracts of the contexts and carried by one sender. */
@Module({})
export class CommandsModule {
  static forRoot({ contexts, sender }: CommandsOptions): DynamicModule {
    return CommandsModule.forRootAsync({ contexts, useFactory: () => sender });
  }

  static forRootAsync({
    contexts,
    imports = [],
    inject = [],
    useFactory,
  }: CommandsAsyncOptions): DynamicModule {
    // Here and not in the provider: a contract that GraphQL cannot tell stops the process before anything is opened.
    const schema = commandSchema(contexts);
    const commands: FactoryProvider<Commands> = {
      provide: COMMANDS,
      inject,
      useFactory: async (...dependencies: unknown[]) => ({
        typeDefs: schema.typeDefs,
        resolvers: {
          ...schema.enums,
          Mutation: commandMutations(schema, await useFactory(...dependencies), randomUUID),
        },
      }),
    };
    return { module: CommandsModule, imports, providers: [commands], exports: [COMMANDS] };
  }
}
