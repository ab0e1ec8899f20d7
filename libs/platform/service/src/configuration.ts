import { z } from 'zod';

/** Every missing or wrong setting at once, by name. */
export class BadConfiguration extends Error {}

/** Reads settings from the environment; the only place that does. @throws BadConfiguration */
export function readConfiguration<T extends z.ZodObject>(
  schema: T,
  environment: NodeJS.ProcessEnv = process.env,
): z.output<T> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new BadConfiguration(`these settings are missing or wrong in the environment:\n${lines.join('\n')}`);
}

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });

/** Settings of every service. */
export const ServiceSettings = z.object({
  LOA_DATABASE_URL: postgresUrl,
  LOA_HTTP_HOST: z.string().default('127.0.0.1'),
  LOA_HTTP_PORT: z.coerce.number().int().min(0).max(65_535),
  KAFKA_BROKERS: z
    .string()
    .min(1)
    .transform((list) => list.split(',').map((broker) => broker.trim())),
  /** Topics are `<prefix>.<context>.events` and `….heartbeat`. */
  LOA_KAFKA_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default('loa'),
  LOA_KAFKA_PACE: z.enum(['local', 'production']).default('production'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Settings of a process that lets operators in: the gateway, and services that can have parked events of others. */
export const OperatorSettings = z.object({
  /** What operators send as `Authorization: Bearer …`; empty or left out: operations over HTTP are off. */
  LOA_OPERATOR_TOKEN: z
    .union([z.literal(''), z.string().min(32)])
    .default('')
    .transform((token) => (token === '' ? undefined : token)),
});

/** Settings of the migration command: the owner of the database, never the role that serves. */
export const MigrationSettings = z.object({ LOA_OWNER_DATABASE_URL: postgresUrl });
