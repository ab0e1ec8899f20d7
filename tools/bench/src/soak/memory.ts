/** What a process says of its memory, in MiB. */
export interface Memory {
  /** All that it holds of the machine. */
  readonly resident: number;
  /** Objects of the program, garbage included. */
  readonly heap: number;
  /** Full collections so far: before one, garbage cannot be told from what is held. */
  readonly collections: number;
}

const MIB = 2 ** 20;

/** From the text of `/metrics`. @throws when it does not tell */
export function memoryIn(exposition: string): Memory {
  const read = (name: string): number => {
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(exposition)?.[1];
    if (value === undefined) throw new Error(`/metrics does not tell ${name}`);
    return Number(value);
  };
  // Not told before the first one.
  const major = /^nodejs_gc_duration_seconds_count\{kind="major"\} (\d+)$/m.exec(exposition)?.[1] ?? '0';
  return {
    resident: read('process_resident_memory_bytes') / MIB,
    heap: read('nodejs_heap_size_used_bytes') / MIB,
    collections: Number(major),
  };
}

/** @param url of the process, without a path @throws when it does not answer within a few seconds */
export async function memoryOf(url: string): Promise<Memory> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${url}/metrics answered ${response.status}`);
  return memoryIn(await response.text());
}
