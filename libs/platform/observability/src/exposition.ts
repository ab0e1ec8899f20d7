/** One line of what a process tells: a value under a name and its labels. */
export interface Sample {
  /** Of histograms with the ending of the line, e.g. `…_bucket`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  /** Name → counter, gauge or histogram; also of metrics that have no value yet. */
  readonly kinds: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

const line = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (\S+)$/i;

/** Reads the text format of Prometheus. @throws on a line that is none of it */
export function exposition(text: string): Exposition {
  const kinds = new Map<string, string>();
  const samples: Sample[] = [];
  for (const one of text.split('\n').filter((each) => each !== '' && !each.startsWith('# HELP '))) {
    const [, typed, kind] = /^# TYPE (\S+) (\S+)$/.exec(one) ?? [];
    if (typed !== undefined) {
      kinds.set(typed, kind!);
      continue;
    }
    const [, name, labels = '', value] = line.exec(one) ?? [];
    if (name === undefined) throw new Error(`this is not the text format of Prometheus: ${one}`);
    samples.push({ name, labels: labelsIn(labels), value: Number(value!.replace('Inf', 'Infinity')) });
  }
  return { kinds, samples };
}

const labelsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, value]) => [label!, value!]),
  );

/** The sum of all samples under a name whose labels are these, and maybe others. */
export const valueOf = (
  { samples }: Exposition,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number =>
  samples
    .filter((one) => one.name === name)
    .filter((one) => Object.entries(labels).every(([label, value]) => one.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
