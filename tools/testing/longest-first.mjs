import Sequencer from '@jest/test-sequencer';

/**
 * Suites that take minutes, longest first: one of them begun at the end would run on alone. Jest itself goes by how long
 * a file took before, which a fresh clone does not know.
 */
const long = [
  'apps/acceptance/src/distributed.spec.ts',
  'tools/faults/src/faults.spec.ts',
  'apps/acceptance/src/standalone-lifecycle.spec.ts',
  'apps/acceptance/src/standalone.spec.ts',
  'libs/platform/transport/src/kafka-cluster-faults.spec.ts',
];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = long.findIndex((name) => path.endsWith(name));
      return at < 0 ? long.length : at;
    };
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
