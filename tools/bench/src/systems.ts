import type { Distributed } from '@loa/distributed';
import { StandaloneProcess } from '@loa/outside';
import type { Bench } from './bench.js';
import { build, startDistributed } from './system/distributed.js';

/**
 * Both ways to run the whole system. Parts that look at the same one share it; only one runs at a time, since each
 * needs the machine for itself.
 */
export class Systems {
  private one: Promise<StandaloneProcess> | undefined;
  private several: Promise<Distributed> | undefined;

  constructor(private readonly bench: Bench) {}

  /** In one process, with the seeded world. */
  async standalone(): Promise<StandaloneProcess> {
    await this.endDistributed();
    if (!this.one) this.bench.step('the standalone system, with the seeded world');
    return (this.one ??= this.startStandalone());
  }

  /** Real Kafka, PostgreSQL and five processes. */
  async distributed(): Promise<Distributed> {
    await this.endStandalone();
    return (this.several ??= this.startDistributed());
  }

  private async startStandalone(): Promise<StandaloneProcess> {
    const standalone = await this.bench.closing.hold(
      () => StandaloneProcess.prepare(),
      (one) => one.discard(),
    );
    await standalone.start();
    return standalone;
  }

  private async startDistributed(): Promise<Distributed> {
    this.bench.step('npx tsc -b: the distributed system runs what was built');
    await build(this.bench);
    return startDistributed(this.bench);
  }

  private async endStandalone(): Promise<void> {
    await (await this.one)?.discard();
    this.one = undefined;
  }

  private async endDistributed(): Promise<void> {
    await (await this.several)?.stop();
    this.several = undefined;
  }
}
