import { afterEach, describe, expect, it } from '@jest/globals';
import { describeUnless } from './describe-unless.js';

const ci = process.env['CI'];
afterEach(() => {
  if (ci === undefined) delete process.env['CI'];
  else process.env['CI'] = ci;
});

function told(missing: string | undefined): string[] {
  const calls: string[] = [];
  const run = (name: string) => void calls.push(`run: ${name}`);
  run.skip = (name: string) => void calls.push(`skipped: ${name}`);
  describeUnless(run, missing, 'with Kafka', () => {});
  return calls;
}

describe('tests that need something', () => {
  it('run where it is', () => {
    process.env['CI'] = 'true';
    expect(told(undefined)).toEqual(['run: with Kafka']);
  });

  it('count as skipped where it is missing', () => {
    delete process.env['CI'];
    expect(told('Java is not there')).toEqual(['skipped: with Kafka (Java is not there)']);
  });

  it('fail under CI=true where it is missing', () => {
    process.env['CI'] = 'true';
    expect(() => told('Java is not there')).toThrow(
      'Java is not there, and under CI=true these tests must run',
    );
  });
});
