import { readConfiguration } from '@loa/service';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const Environment = z.object({
  /** Where data is kept between runs. */
  LOA_HOME: z.string().min(1).optional(),
  LOA_HTTP_HOST: z.string().default('127.0.0.1'),
  LOA_HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('error'),
});

export interface Settings {
  readonly home: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  /** Throw away what earlier runs left, and make the world anew. */
  readonly fresh: boolean;
  /** Start with an empty system. */
  readonly empty: boolean;
}

/** From the environment and the command line: `npm start -- [--fresh] [--empty]`. @throws on an unknown flag */
export function readSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: { fresh: { type: 'boolean', default: false }, empty: { type: 'boolean', default: false } },
  });
  const environment = readConfiguration(Environment);
  return {
    home: resolve(environment.LOA_HOME ?? join(process.cwd(), '.loa', 'standalone')),
    host: environment.LOA_HTTP_HOST,
    port: environment.LOA_HTTP_PORT,
    logLevel: environment.LOG_LEVEL,
    fresh: values.fresh,
    empty: values.empty,
  };
}
