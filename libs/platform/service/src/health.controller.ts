import { Controller, Get, HttpCode, Inject, ServiceUnavailableException } from '@nestjs/common';

/**
 * What a process knows of its own health. Only its own database decides whether it is ready: when Kafka or another
 * service is away, commands are still taken, and taking this process out as well would help nobody.
 */
export class HealthReport {
  private readonly parts = new Map<string, () => boolean>();

  /** @param database rejects when the database does not answer or lacks its schema */
  constructor(private readonly database: () => Promise<unknown>) {}

  add(part: string, healthy: () => boolean): void {
    this.parts.set(part, healthy);
  }

  async report(): Promise<{ ready: boolean; database: boolean; parts: Record<string, boolean> }> {
    const database = await this.database().then(
      () => true,
      () => false,
    );
    const parts = Object.fromEntries([...this.parts].map(([name, healthy]) => [name, healthy()]));
    return { ready: database, database, parts };
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
