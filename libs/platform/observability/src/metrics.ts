import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { catalogue, type MetricName } from './catalogue.js';

/** A value of a metric, with a value for each of its labels. */
export interface Reading {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** From one value to all that the largest pages within pages can hold. */
const COUNTS = [1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000, 1_000_000];

type Ask = () => readonly Reading[] | Promise<readonly Reading[]>;

/** From a question that one look answers to one that joins half the province; in seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * The metrics of one process, in the text format of Prometheus. What parts of the platform count for themselves is asked
 * for when somebody reads; a part that does not answer leaves its figures out, and the rest is still told.
 */
export class Metrics {
  private readonly registry = new Registry();
  private readonly histograms = new Map<MetricName, Histogram>();
  private readonly counters = new Map<MetricName, Counter>();
  private readonly asks = new Map<MetricName, Ask[]>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** For what is measured as it happens. */
  histogram(name: MetricName): Histogram {
    const buckets = name.endsWith('_seconds') ? SECONDS : COUNTS;
    const found = this.histograms.get(name) ?? new Histogram({ ...this.described(name), buckets });
    this.histograms.set(name, found);
    return found;
  }

  /** For what is counted here, as it happens. */
  counter(name: MetricName): Counter {
    const found = this.counters.get(name) ?? new Counter(this.described(name));
    this.counters.set(name, found);
    return found;
  }

  /** For what somebody else counts or can look up. Answers of several parts about the same labels are added up. */
  ask(name: MetricName, ask: Ask): void {
    const asks = this.asks.get(name);
    if (asks) return void asks.push(ask);
    const all = [ask];
    this.asks.set(name, all);
    if (catalogue[name].kind === 'counter') {
      const counter: Counter = new Counter({
        ...this.described(name),
        collect: async () => {
          const readings = await answers(all);
          counter.reset();
          for (const { labels, value } of readings) counter.inc(labels ?? {}, value);
        },
      });
      return;
    }
    const gauge: Gauge = new Gauge({
      ...this.described(name),
      collect: async () => {
        const readings = await answers(all);
        gauge.reset();
        for (const { labels, value } of readings) gauge.inc(labels ?? {}, value);
      },
    });
  }

  private described(name: MetricName) {
    const { help, labels } = catalogue[name];
    return { name, help, labelNames: [...labels], registers: [this.registry] };
  }
}

async function answers(asks: readonly Ask[]): Promise<Reading[]> {
  const settled = await Promise.allSettled(asks.map(async (ask) => ask()));
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [...one.value] : []));
}
