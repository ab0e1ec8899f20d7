import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Aim, Comparison, Measured } from './rounds.js';
import { root } from './system/root.js';
import { figure, type Cell, type Table } from '@loa/terminal';

const results = join(root, 'tools', 'bench', 'results');

/** How comparisons are shown. */
export interface Heading {
  readonly title: string;
  /** What is counted, in the plural or short: events, req. */
  readonly unit: string;
  /** In which the CPU time of one is shown. */
  readonly cpuUnit: 'ms' | 'µs';
  readonly notes: readonly string[];
}

const times = ({ p50, p99 }: Measured) => (Number.isNaN(p50) ? '–' : `${figure(p50)} / ${figure(p99)}`);

/** CPU time of the program and of PostgreSQL, for one. */
const cost = ({ cpu }: Measured, unit: Heading['cpuUnit']) => {
  const factor = unit === 'ms' ? 1 : 1_000;
  return cpu ? `${figure(cpu.process * factor)} + ${figure(cpu.postgres * factor)}` : '–';
};

/** @param sign between a value that meets the aim and the aim */
export const aimed = (aim: Aim | undefined, sign: '≥' | '<'): string =>
  aim ? `${sign} ${aim.wanted} ${aim.met ? 'met' : 'MISSED'}` : '–';

const row = ({ name, floorName, ours, floor, ratio, aim }: Comparison, unit: Heading['cpuUnit']): Cell[] => [
  name,
  ours.perSecond,
  times(ours),
  cost(ours, unit),
  floorName,
  floor.perSecond,
  times(floor),
  cost(floor, unit),
  `×${ratio.median.toFixed(2)}`,
  `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`,
  aimed(aim, '≥'),
];

export function comparisonTable(
  { title, unit, cpuUnit, notes }: Heading,
  comparisons: readonly Comparison[],
): Table {
  const measured = [`${unit}/s`, 'p50 / p99 ms', `CPU ${cpuUnit} +PG`];
  return {
    title,
    columns: ['what', ...measured, 'floor', ...measured, 'ratio', 'min–max', 'aim'],
    rows: comparisons.map((comparison) => row(comparison, cpuUnit)),
    notes: [
      `Medians of ${comparisons[0]?.rounds ?? 0} shuffled rounds; ratio: ours over the floor in the same round. CPU: of the program and of PostgreSQL, for one.`,
      ...notes,
    ],
  };
}

/** @returns where it was written */
export async function writeResults(report: Readonly<Record<string, unknown>>, at: Date): Promise<string> {
  await mkdir(results, { recursive: true });
  const path = join(results, `${at.toISOString().slice(0, 19).replaceAll(':', '-')}.json`);
  await writeFile(path, `${JSON.stringify({ at: at.toISOString(), ...report }, null, 2)}\n`);
  return path;
}
