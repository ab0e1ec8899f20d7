import { openPool } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { Caller, type Voice } from './caller.js';
import { callsOf, type CallEntry } from './calls.js';
import { Journal, readJournal } from './journal.js';
import { begin, tell, type AppenderPlan } from './plans.js';

let finishing = false;
const plan = begin<AppenderPlan>(() => (finishing = true));
const store = new EventStore(openPool({ connectionString: plan.log, applicationName: plan.name, max: 2 }));
const earlier = readJournal<CallEntry>(plan.journal);
const { open } = callsOf(earlier);
const journal = new Journal(plan.journal);
let calls = earlier.length;
const voice: Voice = {
  plan,
  store,
  versions: new Map(),
  journal,
  nextCall: () => (calls += 1),
  finishing: () => finishing,
  tell,
};
const callers = Array.from({ length: plan.load.callers }, (_, index) => new Caller(voice, index, calls));
// What the process before this one did not get an answer to is asked for first.
await Promise.all(open.map((wish, index) => callers[index % callers.length]!.insist(wish)));
await Promise.all(callers.map((caller) => caller.work()));
await store.close();
journal.close();
process.exit(0);
