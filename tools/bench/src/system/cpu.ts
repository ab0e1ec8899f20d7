import os from 'node:os';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Stretch } from '../rounds.js';

/** Linux counts CPU time in hundredths of a second. */
const MS_PER_TICK = 10;
const SETTLED_MS = 40;

interface Stat {
  readonly parent: number;
  /** Of the process and of its children that have ended, in milliseconds. */
  readonly cpu: number;
  readonly ofEndedChildren: number;
}

async function statOf(pid: number | 'self'): Promise<Stat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The name of the program stands in brackets and may hold blanks; what follows it is numbers.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user, system, endedUser, endedSystem] = fields.slice(11, 15) as [number, number, number, number];
  const ofEndedChildren = (endedUser + endedSystem) * MS_PER_TICK;
  return { parent: fields[1]!, cpu: (user + system) * MS_PER_TICK + ofEndedChildren, ofEndedChildren };
}

/** CPU milliseconds a process has used so far; undefined where there is no /proc. */
export const cpuOf = async (pid: number): Promise<number | undefined> => (await statOf(pid))?.cpu;

/** CPU milliseconds of children of ours that have ended, such as a pgbench that has just run. */
export const cpuOfEndedChildren = async (): Promise<number | undefined> =>
  (await statOf('self'))?.ofEndedChildren;

/** Of a process and its living children: a PostgreSQL server by the pid of its postmaster. */
export async function cpuOfFamily(pid: number): Promise<number | undefined> {
  const head = await statOf(pid);
  if (!head) return undefined;
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const stats = await Promise.all(pids.map(statOf));
  const children = stats.filter((stat) => stat?.parent === pid);
  return children.reduce((sum, stat) => sum + stat!.cpu, head.cpu);
}

/** The parent of a process: of a PostgreSQL session, the server. */
export const parentOf = async (pid: number): Promise<number | undefined> => (await statOf(pid))?.parent;

/** Where CPU time is read from; each undefined where there is no /proc. */
export interface CpuClocks {
  readonly process: () => Promise<number | undefined>;
  readonly postgres: () => Promise<number | undefined>;
}

/** Of some processes together. */
export const cpuOfAll = (pids: readonly number[]) => async (): Promise<number | undefined> => {
  const each = await Promise.all(pids.map(cpuOf));
  return each.some((one) => one === undefined) ? undefined : each.reduce((sum, one) => sum! + one!, 0);
};

/** A stretch together with the CPU time that went by on these clocks. */
export async function withCpu(
  run: () => Promise<Stretch>,
  { process, postgres }: CpuClocks,
): Promise<Stretch> {
  const before = await Promise.all([process(), postgres()]);
  const stretch = await run();
  // A session whose client has just gone is counted nowhere while the server takes its leave of it.
  await pause(SETTLED_MS);
  const after = await Promise.all([process(), postgres()]);
  const [ours, theirs] = after.map((to, at) => {
    const from = before[at];
    return to === undefined || from === undefined ? undefined : to - from;
  });
  return {
    ...stretch,
    cpu: ours === undefined || theirs === undefined ? undefined : { process: ours, postgres: theirs },
  };
}

/** How busy all cores were since an earlier call, 0 to 1: at 1 the machine is the limit, whoever used it. */
export function busySince(before: readonly os.CpuInfo[]): number {
  const sum = (cpus: readonly os.CpuInfo[], pick: (times: os.CpuInfo['times']) => number) =>
    cpus.reduce((total, { times }) => total + pick(times), 0);
  const now = os.cpus();
  const gained = (pick: (times: os.CpuInfo['times']) => number) => sum(now, pick) - sum(before, pick);
  const all = gained(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq);
  return all === 0 ? 0 : 1 - gained(({ idle }) => idle) / all;
}
