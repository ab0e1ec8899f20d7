import { parse } from 'yaml';

export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string; readonly args: Readonly<Record<string, string>> };
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** Started only when one of these, or the service itself, is asked for. */
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
}

/** A compose file as it is after anchors and merge keys; `${…}` stays as it is written. */
export const readCompose = (text: string): Compose => parse(text, { merge: true }) as Compose;

/** One `${NAME}`, `${NAME:?why}` or `${NAME:-default}` of a value. */
export interface Substitution {
  readonly name: string;
  /** Compose refuses to start when it is not set. */
  readonly required: boolean;
}

export const substitutions = (value: string): Substitution[] =>
  [...value.matchAll(/\$\{([A-Z_][A-Z0-9_]*)(:?[-?+][^}]*)?\}/g)].map(([, name, rest]) => ({
    name: name!,
    required: rest?.startsWith(':?') ?? false,
  }));

/** The parts of `postgres://role:${PASSWORD}@host:5432/database`. */
export interface DatabaseUrl {
  readonly role: string;
  readonly password: string;
  readonly host: string;
  readonly database: string;
}

export function databaseUrl(value: string): DatabaseUrl | undefined {
  const [, role, password, host, database] =
    /^postgres:\/\/([^:]+):([^@]+)@([^:/]+):\d+\/(\w+)$/.exec(value) ?? [];
  return role && password && host && database ? { role, password, host, database } : undefined;
}
