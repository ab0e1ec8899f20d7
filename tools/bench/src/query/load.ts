import autocannon from 'autocannon';
import type { Stretch } from '../rounds.js';

export interface Target {
  readonly url: string;
  /** Sent as JSON; left out: GET. */
  readonly body?: unknown;
  /** What a right answer begins with. */
  readonly begins: string;
}

const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };

/** Asks as fast as the connections allow. @throws when any answer was wrong or missing */
export async function ask(target: Target, connections: number, seconds: number): Promise<Stretch> {
  const latencies: number[] = [];
  const begin = performance.now();
  let last = begin;
  const { errors, mismatches, non2xx } = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(settings(target, connections, seconds), (error: unknown, result) =>
      error ? reject(new Error('autocannon gave up', { cause: error })) : resolve(result),
    );
    run.on('response', (_client, _status, _bytes, ms) => {
      latencies.push(ms);
      last = performance.now();
    });
  });
  if (errors + mismatches + non2xx > 0 || latencies.length === 0) {
    throw new Error(
      `${target.url}: ${latencies.length} answers, ${errors} errors, ${mismatches} wrong, ${non2xx} not 2xx`,
    );
  }
  return { count: latencies.length, seconds: (last - begin) / 1_000, latencies };
}

const settings = (target: Target, connections: number, duration: number): autocannon.Options => ({
  url: target.url,
  connections,
  duration,
  // It looks every so often whether the time is over.
  sampleInt: 50,
  timeout: 20,
  ...(target.body !== undefined && { method: 'POST', headers, body: JSON.stringify(target.body) }),
  verifyBody: (body) => String(body).startsWith(target.begins),
});
