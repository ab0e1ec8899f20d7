import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Brokers } from '../servers/brokers.js';
import { PARTITIONS } from '../servers/brokers.js';
import type { Postgres } from '../servers/postgres.js';
import type { FaultKind } from '../schedule/faults.js';
import { randomOf } from '../schedule/random.js';
import { membersOf, type MemberName, type Schedule } from '../schedule/schedule.js';
import type { Broken } from '../world/contract.js';
import type { AppenderPlan, KafkaPlan, ReaderPlan, RelayPlan, Word } from '../world/plans.js';
import type { Reader } from '../world/tables.migration.js';
import { Member, clocksCanJump } from './member.js';

export interface Servers {
  readonly postgres: Postgres;
  readonly brokers: Brokers | undefined;
}

/** What is wrong with the world on purpose, to see that it is found out. */
export interface Sabotage {
  readonly broken?: Broken;
  readonly lies?: boolean;
}

const LOOK_MS = 25;
const FROZEN_FOR_MS = 700;
const READY_WITHIN_MS = 60_000;
/** A frozen leader keeps its lease for 2 s; who follows looks once a second, and then reads the ends of the topic. */
const SUCCESSION_WITHIN_MS = 8_000;
/** While brokers are away, too, and while the other relay is frozen and waits for a successor itself. */
const LEADER_WITHIN_MS = 25_000;

/** The processes of one run, with their databases and their topic. */
export class World {
  readonly members: ReadonlyMap<MemberName, Member>;
  readonly counts = new Map<FaultKind, number>();
  /** Faults that could not be made: not on this machine, or not at this moment. */
  readonly leftOut = new Map<FaultKind, number>();
  /** How far the one who looks on has seen the log. */
  seen = 0;
  private readonly ready = new Set<MemberName>();
  private readonly leading = new Set<MemberName>();
  private readonly looking: NodeJS.Timeout;
  private healed = false;

  private constructor(
    readonly servers: Servers,
    readonly schedule: Schedule,
    /** Names its databases and its topic. */
    readonly run: string,
    readonly folder: string,
    sabotage: Sabotage,
  ) {
    const plans = this.plans(sabotage);
    const ownClock = clocksCanJump() ? schedule.faults.filter(({ kind }) => kind === 'clock') : [];
    this.members = new Map(
      membersOf(schedule.kafka).map((name) => [
        name,
        new Member({
          name,
          plan: plans(name),
          folder,
          failures: schedule.failures[name] ?? [],
          ownClock: ownClock.some((fault) => 'member' in fault && fault.member === name),
          onWord: (word) => this.hear(name, word),
          onStopped: () => void this.wake(name),
          onEnded: () => this.leading.delete(name),
        }),
      ]),
    );
    this.looking = setInterval(() => this.members.forEach((member) => member.look()), LOOK_MS);
  }

  static async open(
    servers: Servers,
    schedule: Schedule,
    folder: string,
    sabotage: Sabotage,
  ): Promise<World> {
    const run = `${schedule.seed}_${randomUUID().slice(0, 8)}`;
    await servers.postgres.create(run);
    const world = new World(servers, schedule, run, folder, sabotage);
    await servers.brokers?.createTopic(world.topic);
    for (const member of world.members.values()) member.start();
    await world.allReady().catch(async (error: unknown) => {
      await world.end();
      throw error;
    });
    return world;
  }

  get topic(): string {
    return `loa.world-${this.run}.events`;
  }

  /** Where the journal of a process is. */
  journal(name: MemberName): string {
    return join(this.folder, `${name}.journal`);
  }

  /** File that says that the projection is mended. */
  get mended(): string {
    return join(this.folder, 'mended');
  }

  /** How the processes reach Kafka. */
  get kafka(): KafkaPlan | undefined {
    const { brokers } = this.servers;
    return brokers && { brokers: brokers.addresses, topic: this.topic, partitions: PARTITIONS };
  }

  /** In how many partitions a reader gets the log. */
  partitionsOf(reader: Reader): number {
    return reader === 'shared' && this.kafka ? PARTITIONS : 1;
  }

  member(name: MemberName): Member {
    return this.members.get(name)!;
  }

  get relays(): Member[] {
    return [...this.members.values()].filter(({ name }) => name.startsWith('relay'));
  }

  /** The relay that leads, as soon as one does; undefined when none does for long. */
  async someLeader(): Promise<Member | undefined> {
    for (const patience = Date.now() + LEADER_WITHIN_MS; Date.now() < patience; await pause(LOOK_MS)) {
      const leader = this.relays.find((relay) => this.leads(relay));
      if (leader) return leader;
    }
    return undefined;
  }

  leads(member: Member): boolean {
    return this.leading.has(member.name);
  }

  /** Nothing is wrong with any process from here on. */
  heal(): void {
    this.healed = true;
    for (const member of this.members.values()) member.heal();
  }

  async end(): Promise<void> {
    clearInterval(this.looking);
    await Promise.all([...this.members.values()].map((member) => member.end()));
  }

  /** Faults are for processes that run: one that is still loading would not notice. */
  private async allReady(): Promise<void> {
    const patience = performance.now() + READY_WITHIN_MS;
    while (this.ready.size < this.members.size) {
      if (performance.now() > patience)
        throw new Error(
          `after ${READY_WITHIN_MS} ms only ${[...this.ready].join(', ')} are ready: see ${this.folder}`,
        );
      await pause(LOOK_MS);
    }
  }

  private hear(name: MemberName, word: Word): void {
    if ('ready' in word) this.ready.add(name);
    else if ('seen' in word) this.seen = word.seen;
    else if (word.leads) this.leading.add(name);
    else this.leading.delete(name);
  }

  /** A process that froze itself. A relay is left so until another one has taken over. */
  private async wake(name: MemberName): Promise<void> {
    const member = this.member(name);
    if (name.startsWith('relay') && !this.healed) await this.anotherLeads(member, SUCCESSION_WITHIN_MS);
    else await pause(FROZEN_FOR_MS);
    member.thaw();
  }

  /** Waits until another relay leads than one that is frozen. @returns false when that one goes on before, or for long */
  async anotherLeads(frozen: Member, withinMs = LEADER_WITHIN_MS): Promise<boolean> {
    this.leading.delete(frozen.name);
    const others = this.relays.filter((relay) => relay !== frozen);
    for (const patience = Date.now() + withinMs; Date.now() < patience; await pause(LOOK_MS)) {
      if (!frozen.isFrozen) return false;
      if (others.some((relay) => this.leads(relay))) return true;
    }
    return false;
  }

  private plans(sabotage: Sabotage): (name: MemberName) => unknown {
    const { schedule, servers } = this;
    const { log, rows } = servers.postgres.addresses(this.run, 'proxy');
    const random = randomOf(schedule.seed + 1);
    const streams = Array.from({ length: schedule.load.streams }, () => uuidOf(random.next));
    const { kafka } = this;
    return (name) => {
      if (name.startsWith('appender')) {
        const { seed, load } = schedule;
        const lies = sabotage.lies ?? false;
        return { name, seed, log, journal: this.journal(name), load, streams, lies } satisfies AppenderPlan;
      }
      if (name.startsWith('relay')) return { name, log, kafka: kafka! } satisfies RelayPlan;
      const first = name === 'reader-1';
      // Both read for the one they share, and one of them for another.
      const alone = first ? (['alone'] as const) : [];
      return {
        name,
        log,
        rows,
        ...(kafka && { kafka }),
        fromLog: kafka ? alone : ['shared', ...alone],
        fromKafka: kafka ? ['shared'] : [],
        ...(!first && { watch: this.journal(name) }),
        ...(sabotage.broken && { broken: sabotage.broken }),
        mended: this.mended,
      } satisfies ReaderPlan;
    };
  }
}

function uuidOf(next: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(next() * 16).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
