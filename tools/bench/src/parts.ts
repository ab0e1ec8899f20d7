import { StandaloneProcess } from '@loa/outside';
import { appendPart } from './append/append.js';
import type { Bench } from './bench.js';
import type { PartName } from './options.js';
import { queryPart } from './query/query.js';
import { visiblePart } from './visible/visible-part.js';

/** The parts of one run. Those that look at the standalone system share it; who needs the machine for itself ends it. */
export function partsOf(bench: Bench): Readonly<Record<PartName, () => Promise<void>>> {
  let running: Promise<StandaloneProcess> | undefined;
  const standalone = () => {
    if (!running) bench.step('the standalone system, with the seeded world');
    return (running ??= startStandalone(bench));
  };
  const discard = async () => {
    await (await running)?.discard();
    running = undefined;
  };
  return {
    append: () => appendPart(bench),
    query: async () => queryPart(bench, await standalone()),
    visible: async () => visiblePart(bench, await standalone(), discard),
  };
}

async function startStandalone({ closing }: Bench): Promise<StandaloneProcess> {
  const standalone = await closing.hold(
    () => StandaloneProcess.prepare(),
    (one) => one.discard(),
  );
  await standalone.start();
  return standalone;
}
