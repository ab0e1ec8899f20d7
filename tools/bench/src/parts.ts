import { appendPart } from './append/append.js';
import type { Bench } from './bench.js';
import { catchUpPart } from './catch-up/catch-up.js';
import { historyPart } from './history/history.js';
import { kafkaPart } from './kafka/kafka.js';
import type { PartName } from './options.js';
import { projectionPart } from './projection/projection.js';
import { queryPart } from './query/query.js';
import { soakPart } from './soak/soak-part.js';
import { Systems } from './systems.js';
import { visiblePart } from './visible/visible-part.js';

/** The parts of one run. */
export function partsOf(bench: Bench): Readonly<Record<PartName, () => Promise<void>>> {
  const systems = new Systems(bench);
  return {
    append: () => appendPart(bench),
    'catch-up': () => catchUpPart(bench),
    projection: () => projectionPart(bench),
    kafka: () => kafkaPart(bench),
    query: async () => queryPart(bench, await systems.standalone()),
    history: async () => historyPart(bench, await systems.standalone()),
    visible: () => visiblePart(bench, systems),
    soak: () => soakPart(bench, systems),
  };
}
