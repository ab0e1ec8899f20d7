import { readPlan, type FailPointName, type PlannedFailure } from './plan.js';

/** Of this process, by what LOA_FAIL_POINTS says; undefined: the variable is not set, and nothing ever fails here. */
const planned = planOf(process.env);
const passed = new Map<FailPointName, number>();

/** A place where fault runs may kill or stop the process. Costs one test of a constant when they do not. */
export function failPoint(name: FailPointName): void {
  if (planned) pass(name, planned);
}

function pass(name: FailPointName, plan: readonly PlannedFailure[]): void {
  const count = (passed.get(name) ?? 0) + 1;
  passed.set(name, count);
  const failure = plan.find((one) => one.name === name && one.at === count);
  if (failure) process.kill(process.pid, failure.action === 'kill' ? 'SIGKILL' : 'SIGSTOP');
}

/** @throws in production, where no process may start with the variable set */
function planOf({ LOA_FAIL_POINTS, NODE_ENV }: NodeJS.ProcessEnv): PlannedFailure[] | undefined {
  if (LOA_FAIL_POINTS === undefined) return undefined;
  if (NODE_ENV === 'production')
    throw new Error('LOA_FAIL_POINTS is set, and NODE_ENV is production: this process does not start');
  return readPlan(LOA_FAIL_POINTS);
}
