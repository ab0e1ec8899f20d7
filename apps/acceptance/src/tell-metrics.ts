import { catalogue, exposition, type Described, type ProcessKind } from '@loa/observability';

export interface ObservedProcess {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly url: string;
  /** False: it keeps nothing of the facts of others, and has no reader to tell of. */
  readonly reads: boolean;
}

const described: readonly [string, Described][] = Object.entries(catalogue);
const ofReaders = (name: string) => name.startsWith('projection_') || name.startsWith('dlq_');

/** Every process tells exactly what docs/metrics.md says that it tells. */
export function tellMetrics(processes: () => readonly ObservedProcess[]): void {
  it('tell what the documents say, and nothing else', async () => {
    for (const { name, kind, url, reads } of processes()) {
      const response = await fetch(`${url}/metrics`);
      const { kinds } = exposition(await response.text());
      const ours = [...kinds].filter(([one]) => one in catalogue || !/^(process|nodejs)_/.test(one));
      const documented = described.filter(
        ([one, { in: where }]) => where.includes(kind) && (reads || !ofReaders(one)),
      );
      expect([name, Object.fromEntries(ours)]).toEqual([
        name,
        Object.fromEntries(documented.map(([one, { kind: type }]) => [one, type])),
      ]);
    }
  });
}
