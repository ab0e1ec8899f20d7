import { BadConfiguration, readConfiguration } from '@loa/service';
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

/** From the environment and the command line: `npm start -- [--fresh] [--empty]`. @throws BadConfiguration */
export function readSettings(args: readonly string[]): Settings {
  const values = readFlags(args);
  const environment = readConfiguration(Environment);
  return {
    home: resolve(environment.LOA_HOME ?? join(process.cwd(), '.loa', 'standalone')),
    host: environment.LOA_HTTP_HOST,
    port: environment.LOA_HTTP_PORT,
    logLevel: environment.LOG_LEVEL,
    ...values,
  };
}

function readFlags(args: readonly string[]): Pick<Settings, 'fresh' | 'empty'> {
  try {
    const flag = { type: 'boolean', default: false } as const;
    return parseArgs({ args: [...args], options: { fresh: flag, empty: flag } }).values;
  } catch (error) {
    throw new BadConfiguration(
      `${error instanceof Error ? error.message : String(error)}. What there is: npm start -- [--fresh] [--empty]`,
    );
  }
}
