import { openPool } from '@loa/database';
import { FileStore } from '@loa/files';
import { Metrics } from '@loa/observability';
import {
  endsCleanly,
  requireSchema,
  runMigration,
  readConfiguration,
  runProcess,
  untilMigrated,
} from '@loa/service';
import { EVENT_PARTITIONS } from '@loa/transport';
import { pino } from 'pino';
import { HttpCommandSender } from './commands/http-command.sender.js';
import { ApiSettings } from './config.js';
import { createGateway } from './gateway.js';
import { HttpParkedDesk } from './operations/http-parked.sender.js';
import { openQuestions } from './read-models/read-database.table.js';
import { readSchema } from './read-side.js';

/** `main.js` answers GraphQL; `main.js migrate` brings the read database to the schema of this build. */
await runProcess(async () => {
  if (process.argv[2] === 'migrate') return runMigration('gateway', readSchema);
  const settings = readConfiguration(ApiSettings);
  const log = pino({ name: 'gateway-api', level: settings.LOG_LEVEL });
  const address = { connectionString: settings.LOA_DATABASE_URL, applicationName: 'loa-gateway-api' };
  const operations = openPool({ ...address, max: 2 });
  await requireSchema('gateway', operations, readSchema);
  const services = {
    planning: settings.LOA_PLANNING_URL,
    reporting: settings.LOA_REPORTING_URL,
    monitoring: settings.LOA_MONITORING_URL,
  };
  const onNoAnswer = (error: Error, of: object) => log.warn({ ...of, reason: error.message }, 'no answer');
  const sender = new HttpCommandSender({ services, onNoAnswer });
  const deskOf = (context: keyof typeof services) =>
    new HttpParkedDesk({
      context,
      service: services[context],
      operatorToken: settings.LOA_OPERATOR_TOKEN,
      onNoAnswer,
    });
  const app = await createGateway({
    questions: openQuestions(address),
    operations,
    knowledge: { 'reporting-knowledge': deskOf('reporting'), 'monitoring-knowledge': deskOf('monitoring') },
    missing: untilMigrated(operations, readSchema),
    sender,
    log,
    files: new FileStore({ folder: settings.LOA_FILES_FOLDER }),
    now: () => new Date(),
    introspection: settings.LOA_EXPLORER,
    metrics: new Metrics(),
    partitions: EVENT_PARTITIONS,
    patienceMs: settings.LOA_READ_PATIENCE_MS,
    operatorToken: settings.LOA_OPERATOR_TOKEN,
    ...(settings.LOA_EXPLORER && { explorer: [] }),
  });
  endsCleanly(app);
  await app.listen(settings.LOA_HTTP_PORT, settings.LOA_HTTP_HOST);
  log.info({ url: await app.getUrl() }, 'answering');
});
