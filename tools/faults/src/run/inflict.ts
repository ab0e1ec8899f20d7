import { partitionOf } from '@loa/transport';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../schedule/faults.js';
import { PARTITIONS } from '../servers/brokers.js';
import { clocksCanJump } from './member.js';
import { logOf } from './log.js';
import type { World } from './world.js';

const LOOK_MS = 25;
const SESSION_WITHIN_MS = 10_000;
const MOST_TRIES = 3;

/** Does a fault to the world, and resolves when it is over. @returns false when that cannot be done here */
export async function inflict(world: World, fault: Fault): Promise<boolean> {
  const { postgres } = world.servers;
  switch (fault.kind) {
    case 'kill':
      await world.member(fault.member).kill();
      return true;
    case 'freeze':
      await world.member(fault.member).freezeFor(fault.ms);
      return true;
    case 'end sessions':
      await postgres.endSessions(world.run);
      return true;
    case 'freeze session':
      return freezeSession(world, fault.ms);
    case 'crash PostgreSQL':
      await postgres.crash();
      return true;
    case 'cut':
      await postgres.proxy.cutWhileDeaf(fault.deafMs);
      return true;
    case 'slow network':
      await postgres.proxy.holdBack(fault.ms);
      return true;
    case 'full disk':
      return fullDisk(world, fault.ms);
    case 'clock':
      if (!clocksCanJump()) return false;
      world.member(fault.member).setClock(fault.hours);
      return true;
    case 'zombie relay':
    case 'publish again':
    case 'kill broker':
    case 'move leaders':
    case 'cut Kafka':
    case 'slow Kafka':
      return inflictOnKafka(world, fault);
  }
}

type KafkaFault = Extract<
  Fault,
  { kind: 'zombie relay' | 'publish again' | 'kill broker' | 'move leaders' | 'cut Kafka' | 'slow Kafka' }
>;

async function inflictOnKafka(world: World, fault: KafkaFault): Promise<boolean> {
  const brokers = world.servers.brokers!;
  switch (fault.kind) {
    case 'zombie relay':
      return zombie(world);
    case 'publish again':
      await publishAgain(world, fault.part);
      return true;
    case 'kill broker':
      await brokers.kill(fault.node, () => pause(fault.downMs));
      return true;
    case 'move leaders':
      await brokers.restart(fault.node);
      return true;
    case 'cut Kafka':
      await brokers.cutWhileDeaf(fault.deafMs);
      return true;
    case 'slow Kafka':
      await brokers.holdBack(fault.ms);
      return true;
  }
}

async function zombie(world: World): Promise<boolean> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const leader = await world.someLeader();
    if (!leader) return false;
    leader.freeze();
    // It may also be killed, or thawed, by another fault.
    const replaced = await world.anotherLeads(leader);
    leader.thaw();
    if (replaced) return true;
  }
  return false;
}

/** Sessions come and go: tries until it has got hold of one. */
async function freezeSession(world: World, ms: number): Promise<boolean> {
  for (const patience = Date.now() + SESSION_WITHIN_MS; Date.now() < patience; await pause(LOOK_MS)) {
    const [session] = await world.servers.postgres.sessions(world.run);
    if (session !== undefined && (await frozenFor(session, ms))) return true;
  }
  return false;
}

async function frozenFor(session: number, ms: number): Promise<boolean> {
  // It may end on its own meanwhile.
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(session, signal);
    } catch {
      return false;
    }
    return true;
  };
  if (!send('SIGSTOP')) return false;
  await pause(ms);
  send('SIGCONT');
  return true;
}

async function fullDisk(world: World, ms: number): Promise<boolean> {
  const { postgres } = world.servers;
  if (!postgres.disk) return false;
  await postgres.disk.fill();
  await pause(ms);
  // Frees the disk, and starts the server if it could not stand it.
  await postgres.heal();
  return true;
}

/** As an operator would: no relay runs while its place is changed. */
async function publishAgain(world: World, part: number): Promise<void> {
  const { relays } = world;
  await Promise.all(relays.map((relay) => relay.kill({ hold: true })));
  try {
    await setBack(world, part);
  } finally {
    for (const relay of relays) relay.release();
  }
}

async function setBack({ servers: { postgres }, run }: World, part: number): Promise<void> {
  const log = await logOf(postgres.addresses(run, 'direct').log);
  const from = Math.floor(log.length * (1 - part));
  const tails = Array.from({ length: PARTITIONS }, () => 0);
  for (const { position, streamId } of log) {
    if (position <= from) tails[partitionOf(streamId, PARTITIONS)] = position;
  }
  await postgres.inLog(run, 'UPDATE es.relay SET position = $1, tails = $2::bigint[] WHERE position > $1', [
    from,
    tails,
  ]);
}
