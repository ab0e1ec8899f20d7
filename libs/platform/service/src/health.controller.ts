import { missingMigrations, type Schema } from '@loa/database';
import type { EventStore } from '@loa/event-store';
import { Controller, Get, HttpCode, Inject, ServiceUnavailableException } from '@nestjs/common';

interface Report {
  readonly ready: boolean;
  /** Whether it answers what a process of this kind asks it. */
  readonly database: boolean;
  /** By name; left out when there are none. "main.js migrate" runs them. */
  readonly missingMigrations?: readonly string[];
  readonly parts: Readonly<Record<string, boolean>>;
}

/**
 * The migrations of this build that a database lacks. Asked again until there are none, and then never more: a process
 * that started while its database was away may find that one unmigrated when it comes back.
 */
export function untilMigrated(pool: EventStore['pool'], schema: Schema): () => Promise<readonly string[]> {
  let complete = false;
  return async () => {
    if (complete) return [];
    const missing = await missingMigrations(pool, schema);
    complete = missing.length === 0;
    return missing;
  };
}

/**
 * What a process knows of its own health. Only its own database decides whether it is ready: when Kafka or another
 * service is away, commands are still taken, and taking this process out as well would help nobody.
 */
export class HealthReport {
  private readonly parts = new Map<string, () => boolean>();

  /**
   * @param database rejects when the database does not answer or lacks its schema
   * @param missing the migrations of this build that it lacks, see {@link untilMigrated}
   */
  constructor(
    private readonly database: () => Promise<unknown>,
    private readonly missing: () => Promise<readonly string[]> = () => Promise.resolve([]),
  ) {}

  add(part: string, healthy: () => boolean): void {
    this.parts.set(part, healthy);
  }

  async report(): Promise<Report> {
    const [database, missing] = await Promise.all([
      this.database().then(
        () => true,
        () => false,
      ),
      this.missing().catch(() => undefined),
    ]);
    const parts = Object.fromEntries([...this.parts].map(([name, healthy]) => [name, healthy()]));
    return {
      ready: database && missing?.length === 0,
      database: database && missing !== undefined,
      ...(missing && missing.length > 0 && { missingMigrations: missing }),
      parts,
    };
  }
}

@Controller('health')
export class HealthController {
  constructor(@Inject(HealthReport) private readonly health: HealthReport) {}

  @Get('live')
  @HttpCode(200)
  live(): { alive: true } {
    return { alive: true };
  }

  @Get('ready')
  async ready() {
    const report = await this.health.report();
    if (!report.ready) throw new ServiceUnavailableException(report);
    return report;
  }
}
