import {
  Inject,
  Injectable,
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import {
  watchDoor,
  watchPool,
  watchProjector,
  watchRebuild,
  watchRehydration,
  watchSeals,
} from '@loa/observability';
import { noticeWords, Projector, runProjector } from '@loa/projections';
import type { Subscription } from '@loa/transport';
import { CommandBusModule } from './command-bus.module.js';
import { CommandDoor } from './command-door.js';
import { CommandsController } from './commands.controller.js';
import { parkedBy, readerOf, type ContextDefinition, type ContextRuntime } from './context.js';
import { HealthController, HealthReport, untilMigrated } from './health.controller.js';
import { ParkedModule } from './operations/parked.module.js';
import { Rehydration } from './rehydration.js';

export const DEFINITION = Symbol('the context that runs here');
export const RUNTIME = Symbol('the outside world of the context');

/** Starts what runs beside the door, and stops it in the order that loses nothing. */
@Injectable()
export class ContextLife implements OnApplicationBootstrap, OnApplicationShutdown {
  private knowledge: Subscription | undefined;

  constructor(
    @Inject(DEFINITION) private readonly definition: ContextDefinition,
    @Inject(RUNTIME) private readonly runtime: ContextRuntime,
    @Inject(HealthReport) private readonly health: HealthReport,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { knowledge, name } = this.definition;
    const { companions, metrics, store, transport } = this.runtime;
    for (const companion of companions) this.health.add(companion.name, () => companion.healthy());
    if (!knowledge) return;
    const log = new Logger('knowledge');
    const projector = new Projector(store.pool, {
      name: readerOf(name),
      ...knowledge,
      onNotice: (notice) => log.error(noticeWords(notice)),
    });
    this.knowledge = await runProjector(transport, projector, (error) => log.warn(String(error)));
    if (metrics) {
      watchProjector(metrics, projector, this.knowledge);
      watchRebuild(metrics, projector, store.pool, knowledge.registry);
    }
    this.health.add('knowledge', () => this.knowledge?.healthy() ?? false);
  }

  /** Runs after the HTTP server has answered what it had taken in. */
  async onApplicationShutdown(): Promise<void> {
    await this.knowledge?.close();
    await Promise.all(this.runtime.companions.map((companion) => companion.close()));
    await this.runtime.store.close();
  }
}

/** A bounded context as a Nest module: door, bus, HTTP and health around pure deciders. */
@Module({})
export class ContextModule {
  static forRoot(definition: ContextDefinition, runtime: ContextRuntime): DynamicModule {
    const { name, deciders, events, knowledge } = definition;
    const { store, now, metrics, operatorToken } = runtime;
    const rehydration = new Rehydration(store, events);
    const door: CommandDoor = new CommandDoor({
      context: name,
      store,
      deciders,
      rehydration,
      lookups: definition.lookups(store, rehydration),
      now,
      ...(metrics && { onHandled: watchDoor(metrics, () => door.counters) }),
    });
    if (metrics) {
      watchPool(metrics, name, store.pool);
      watchRehydration(metrics, () => rehydration.counters);
      watchSeals(metrics, name, store.pool);
    }
    const health = new HealthReport(() => store.head(), untilMigrated(store.pool, definition.schema));
    const bus = CommandBusModule.forRoot(
      door,
      deciders.map(({ aggregate }) => aggregate),
    );
    const parked = knowledge && parkedBy(name, knowledge, store.pool);
    return {
      module: ContextModule,
      imports: [bus, ...(parked ? [ParkedModule.forRoot(parked, operatorToken)] : [])],
      controllers: [CommandsController, HealthController],
      providers: [
        { provide: DEFINITION, useValue: definition },
        { provide: RUNTIME, useValue: runtime },
        { provide: HealthReport, useValue: health },
        ContextLife,
      ],
      exports: [bus],
    };
  }
}
