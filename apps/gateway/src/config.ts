import { OperatorSettings, ServiceSettings } from '@loa/service';
import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/ });
const yes = z
  .enum(['true', 'false'])
  .default('false')
  .transform((word) => word === 'true');

const {
  LOA_DATABASE_URL,
  LOA_HTTP_HOST,
  LOA_HTTP_PORT,
  KAFKA_BROKERS,
  LOA_KAFKA_PREFIX,
  LOA_KAFKA_PACE,
  LOG_LEVEL,
} = ServiceSettings.shape;

/** Settings of the process that answers GraphQL. It talks to the three services and to the read database. */
export const ApiSettings = z.object({
  LOA_DATABASE_URL,
  LOA_HTTP_HOST,
  LOA_HTTP_PORT,
  LOG_LEVEL,
  LOA_PLANNING_URL: httpUrl,
  LOA_REPORTING_URL: httpUrl,
  LOA_MONITORING_URL: httpUrl,
  /** Shared with reporting, which checks that evidence has arrived. */
  LOA_FILES_FOLDER: z.string().min(1),
  /** The services know the same one: what they have parked is asked of them with it. */
  ...OperatorSettings.shape,
  /** How long a question waits for what it wants to see, in ms. */
  LOA_READ_PATIENCE_MS: z.coerce.number().int().min(0).max(5_000).default(1_000),
  /** Serve the explorer and let clients read the schema. */
  LOA_EXPLORER: yes,
});

/** Settings of the process that keeps the read database up to date. */
export const ProjectorSettings = z.object({
  LOA_DATABASE_URL,
  LOA_HTTP_HOST,
  LOA_HTTP_PORT,
  LOG_LEVEL,
  KAFKA_BROKERS,
  LOA_KAFKA_PREFIX,
  LOA_KAFKA_PACE,
});
