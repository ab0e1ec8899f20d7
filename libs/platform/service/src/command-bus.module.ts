import { Inject, Injectable, Module, type DynamicModule, type Type } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, CqrsModule, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer, CommandEnvelope } from '@loa/event-sourcing';
import { CommandDoor } from './command-door.js';

/** What travels on the bus: one class of it per aggregate, so that each aggregate has one handler. */
abstract class AggregateCommand extends Command<CommandAnswer> {
  constructor(
    readonly command: string,
    readonly envelope: CommandEnvelope,
  ) {
    super();
  }
}

type AggregateCommandClass = new (command: string, envelope: CommandEnvelope) => AggregateCommand;

export const ENVELOPES = Symbol('the envelope class of each aggregate');

/** Sends a command to its aggregate over the in-process bus. */
@Injectable()
export class CommandDispatcher {
  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(CommandDoor) private readonly door: CommandDoor,
    @Inject(ENVELOPES) private readonly envelopes: ReadonlyMap<string, AggregateCommandClass>,
  ) {}

  /** @throws UnknownCommand, StoreBusy, or what the database threw */
  async dispatch(command: string, envelope: CommandEnvelope): Promise<CommandAnswer> {
    const Envelope = this.envelopes.get(this.door.aggregateOf(command))!;
    return this.bus.execute(new Envelope(command, envelope));
  }
}

function handlerOf(aggregate: string): { envelope: AggregateCommandClass; handler: Type<ICommandHandler> } {
  class Envelope extends AggregateCommand {}
  Object.defineProperty(Envelope, 'name', { value: `${aggregate}Command` });

  @CommandHandler(Envelope)
  class Handler implements ICommandHandler<AggregateCommand, CommandAnswer> {
    constructor(@Inject(CommandDoor) private readonly door: CommandDoor) {}

    execute({ command, envelope }: AggregateCommand): Promise<CommandAnswer> {
      return this.door.handle(command, envelope);
    }
  }
  Object.defineProperty(Handler, 'name', { value: `${aggregate}CommandHandler` });
  return { envelope: Envelope, handler: Handler };
}

/** The bus of one context: an envelope and a handler per aggregate, none per use case. */
@Module({})
export class CommandBusModule {
  static forRoot(door: CommandDoor, aggregates: readonly string[]): DynamicModule {
    const handlers = aggregates.map((aggregate) => ({ aggregate, ...handlerOf(aggregate) }));
    return {
      module: CommandBusModule,
      imports: [CqrsModule.forRoot()],
      providers: [
        { provide: CommandDoor, useValue: door },
        {
          provide: ENVELOPES,
          useValue: new Map(handlers.map(({ aggregate, envelope }) => [aggregate, envelope])),
        },
        CommandDispatcher,
        ...handlers.map(({ handler }) => handler),
      ],
      exports: [CommandDispatcher],
    };
  }
}
