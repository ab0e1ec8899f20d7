import type pg from 'pg';
import { compareWithLive, type ComparedAt } from './drift-snapshot.js';
import { checkedSide, nextSchema, type Onlooker, type ReadSide } from './generation.js';
import { GenerationRegistry, type Generation } from './generation-registry.js';
import { alone, holdOffMigrations, onHolder, type Sessions } from './generation-sessions.js';
import { Shadow } from './generation-shadow.js';
import { indexLike, schemaExists, shapeDifferences, shapeOf } from './generation-shape.js';
import { makeLive, refuseOtherShape } from './generation-swap.js';
import { RebuildProgress } from './rebuild-progress.js';
import { countRows, refuseParked, refuseUnknown } from './rebuild-verification.js';

export interface RebuildOptions {
  /** Also when an interrupted run left something to go on with. */
  readonly startOver?: boolean;
  /** Swap although events are parked, or of a type that this build does not know, that the live rows contain. Nothing lets a hole in a log or other tables pass. */
  readonly force?: boolean;
  /** How long to wait for live rows that lie behind, to be compared with; 10 s when left out. */
  readonly patienceMs?: number;
}

export interface Rebuilt {
  readonly generation: Generation;
  /** It went on where an interrupted run had stopped. */
  readonly continued: boolean;
  /** With the rows that were live, at equal positions; undefined: those lay too far behind. */
  readonly comparison: ComparedAt | undefined;
  /** How long the live reader had to wait for the swap, in milliseconds. */
  readonly heldMs: number;
}

/** Makes all rows anew from the logs, beside the live ones, and puts them in their place. */
export class Rebuild {
  private readonly side: ReadSide;
  private readonly registry: GenerationRegistry;
  private readonly progress = new RebuildProgress(() => performance.now());

  constructor(
    side: ReadSide,
    private readonly onlooker: Onlooker = {},
  ) {
    this.side = checkedSide(side);
    this.registry = new GenerationRegistry(side);
  }

  /**
   * Interrupted at any moment it can be run again. The live rows serve, and are kept up to date, all the time.
   * @throws GenerationRefusal with nothing swapped
   */
  run(options: RebuildOptions = {}): Promise<Rebuilt> {
    return alone(this.side, (sessions) => this.work(sessions, options));
  }

  private async work(sessions: Sessions, options: RebuildOptions): Promise<Rebuilt> {
    const begun = performance.now();
    const { side, registry } = this;
    await registry.live(sessions.holder);
    const { shadow, generation, continued } = await this.open(sessions, options);
    const note = new Notes(registry, sessions.pool, generation.number);
    const first = await shadow.positions();
    const onTaken = (source: string, position: number) => {
      this.onlooker.onProgress?.(this.progress.taken(source, position));
      note.progress(this.progress.ratio());
    };
    const wentPast = await this.read(sessions, shadow, first, onTaken);
    const comparison = wentPast ? undefined : await this.compared(sessions, shadow, options);
    this.step('catch-up', 'to the heads of the logs');
    await shadow.catchUp(onTaken);
    await note.settled();
    await holdOffMigrations(sessions);
    await refuseOtherShape(sessions, side.schema, shadow.schema, 'Run the rebuild again: it starts over');
    await shadow.leaveOut();
    const verify = () => this.verify(sessions, shadow, options);
    await verify();
    const positions = await shadow.positions();
    const sum = (of: Record<string, number>) => Object.values(of).reduce((all, one) => all + one, 0);
    await registry.change(sessions.holder, generation.number, {
      builtAt: new Date(),
      positions,
      events: sum(positions),
      rows: await countRows(sessions.pool, side.projections, shadow.schema),
      differences: comparison?.differences ?? null,
      seconds: (performance.now() - begun) / 1_000,
    });
    this.step('swap', `${shadow.schema} becomes ${side.schema}`);
    const { heldMs } = await makeLive(sessions, side, registry, generation, shadow, verify);
    return { generation: await registry.live(sessions.holder), continued, comparison, heldMs };
  }

  /** What an interrupted run left, or empty tables. Rows and checkpoint were committed together, so any end will do. */
  private async open(sessions: Sessions, { startOver = false }: RebuildOptions) {
    const { side, registry } = this;
    const { holder } = sessions;
    const shadow = new Shadow(sessions, side, nextSchema(side.schema));
    const building = (await registry.list(holder)).find(({ state }) => state === 'building');
    const obstacle = startOver ? 'as asked' : await this.obstacle(holder, building, shadow);
    if (building && !obstacle) {
      this.step('continue', JSON.stringify(await shadow.positions()));
      await shadow.leaveOut();
      return { shadow, generation: building, continued: true };
    }
    if (building && obstacle) this.step('start-over', obstacle);
    else this.step('create', shadow.schema);
    const generation = await onHolder(sessions, 'BEGIN', async (client) => {
      if (building) await registry.remove(client, building.number);
      await shadow.create(client);
      return registry.begin(client, shadow.schema, side.code);
    });
    return { shadow, generation, continued: false };
  }

  /** Why what was left cannot be gone on with. */
  private async obstacle(
    holder: pg.PoolClient,
    building: Generation | undefined,
    shadow: Shadow,
  ): Promise<string | undefined> {
    if (!building) return undefined;
    const left = shadow.schema;
    if (!(await schemaExists(holder, left))) return `${left} is gone`;
    if (building.code !== this.side.code) return `it was begun with the code ${building.code}`;
    const shape = (schema: string) => shapeOf(holder, schema, { indexes: false });
    const differences = shapeDifferences(await shape(this.side.schema), await shape(left));
    if (differences.length > 0) return `the tables have changed: ${differences.join('; ')}`;
    return (await shadow.containsLost()) ?? shadow.containsDropped(holder);
  }

  private async read(
    sessions: Sessions,
    shadow: Shadow,
    first: Readonly<Record<string, number>>,
    onTaken: (source: string, position: number) => void,
  ): Promise<boolean> {
    for (const [source, log] of Object.entries(this.side.logs)) {
      this.progress.begin(source, first[source] ?? 0, await log.head());
    }
    this.step('read', Object.keys(this.side.logs).join(', '));
    const wentPast = await shadow.fill(onTaken, { pastLive: true });
    this.step('index', shadow.schema);
    await shadow.split();
    await onHolder(sessions, 'BEGIN', (client) => indexLike(client, this.side.schema, shadow.schema));
    await shadow.analyze();
    return wentPast;
  }

  private async compared(sessions: Sessions, shadow: Shadow, { patienceMs = 10_000 }: RebuildOptions) {
    this.step('compare', `${shadow.schema} with ${this.side.schema}`);
    return compareWithLive(sessions, this.side, shadow, patienceMs);
  }

  private async verify(sessions: Sessions, shadow: Shadow, { force = false }: RebuildOptions): Promise<void> {
    if (force) return;
    await refuseParked(sessions.pool, this.side.schema, shadow.schema);
    await refuseUnknown(sessions.pool, this.side, shadow.schema);
  }

  private step(...told: Parameters<NonNullable<Onlooker['onStep']>>): void {
    this.onlooker.onStep?.(...told);
  }
}

/** Writes the progress down for operators and metrics, about once a second. */
class Notes {
  private at = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly registry: GenerationRegistry,
    private readonly pool: pg.Pool,
    private readonly number: number,
  ) {}

  progress(ratio: number): void {
    if (performance.now() - this.at < 1_000) return;
    this.at = performance.now();
    // A note that fails is no reason to stop; if the database is gone, the work itself says so.
    this.writing = this.registry.change(this.pool, this.number, { progress: ratio }).catch(() => undefined);
  }

  settled(): Promise<void> {
    return this.writing;
  }
}
