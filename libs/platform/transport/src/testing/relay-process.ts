import { openPool } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { Relay, type RelayOptions } from '../relay.js';

/** What a relay that runs as a process of its own is told, as JSON in its first argument. */
export type RelayProcessPlan = Pick<
  RelayOptions,
  'source' | 'connectionString' | 'kafka' | 'topic' | 'partitions' | 'lease'
>;

/** What it says, some times a second. */
export interface RelayProcessWord {
  readonly leads: boolean;
  readonly stepDowns: number;
}

const plan = JSON.parse(process.argv[2]!) as RelayProcessPlan;
const relay = Relay.start({
  ...plan,
  store: new EventStore(openPool({ connectionString: plan.connectionString, applicationName: 'frozen' })),
  onError: (error) => console.error(error),
});
// Also when the test was killed: nobody else would end us.
process.on('disconnect', () => process.exit(0));
setInterval(() => {
  const word: RelayProcessWord = { leads: relay.leading(), stepDowns: relay.counters.stepDowns };
  process.send?.(word);
}, 50);
