import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { failPointNames, readPlan, writePlan } from './plan.js';

const built = fileURLToPath(new URL('../dist/index.js', import.meta.url));
/** Passes one point three times and prints each passing. */
const script = `
  const { failPoint } = await import(${JSON.stringify(built)});
  for (let n = 1; n <= 3; n += 1) { failPoint('relay.beforeSend'); console.log(n); }`;

async function passingThrice(environment: Record<string, string>, onStopped?: (pid: number) => void) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env: environment });
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const timer = setInterval(() => onStopped?.(child.pid!), 100);
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (...ended) => resolve(ended)),
  );
  clearInterval(timer);
  return { code, signal, passed: out.split('\n').filter(Boolean).length, err };
}

describe('a plan', () => {
  it('is read as it is written', () => {
    const text = 'relay.afterCheckpoint:kill@17,appender.beforeSend:stop@3';
    expect(readPlan(text)).toEqual([
      { name: 'relay.afterCheckpoint', action: 'kill', at: 17 },
      { name: 'appender.beforeSend', action: 'stop', at: 3 },
    ]);
    expect(writePlan(readPlan(text))).toBe(text);
    expect(readPlan('')).toEqual([]);
  });

  it.each([
    'relay.afterSent:kill@1',
    'relay.beforeSend:kill',
    'relay.beforeSend:melt@1',
    'relay.beforeSend:kill@0',
  ])('with %s in it is refused, with the names there are', (text) =>
    expect(() => readPlan(text)).toThrow(failPointNames.join(', ')),
  );
});

describe('a process', () => {
  it('passes every point when nothing is planned', async () =>
    expect(await passingThrice({})).toMatchObject({ code: 0, passed: 3 }));

  it('is killed at the planned passing', async () =>
    expect(await passingThrice({ LOA_FAIL_POINTS: 'relay.beforeSend:kill@2' })).toMatchObject({
      signal: 'SIGKILL',
      passed: 1,
    }));

  it('stops at the planned passing until it is continued', async () => {
    let stoppedAt: number | undefined;
    const started = Date.now();
    const run = await passingThrice({ LOA_FAIL_POINTS: 'relay.beforeSend:stop@3' }, (pid) => {
      if (Date.now() - started < 1_500) return;
      stoppedAt ??= Date.now();
      process.kill(pid, 'SIGCONT');
    });
    expect(run).toMatchObject({ code: 0, passed: 3 });
    expect(stoppedAt).toBeDefined();
  });

  it('does not start in production with a plan, also an empty one', async () => {
    const run = await passingThrice({ NODE_ENV: 'production', LOA_FAIL_POINTS: '' });
    expect(run).toMatchObject({ code: 1, passed: 0 });
    expect(run.err).toContain('does not start');
    expect(await passingThrice({ NODE_ENV: 'production' })).toMatchObject({ code: 0, passed: 3 });
  });
});
