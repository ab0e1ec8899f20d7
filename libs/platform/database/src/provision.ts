import pg from 'pg';

export interface DatabaseAccess {
  /** For migrations: owns the tables. */
  readonly owner: string;
  /** For the running service: only what its migrations grant. */
  readonly runtime: string;
}

/**
 * Makes a database with its two roles, `<name>_owner` and `<name>`, and nothing for anybody else. Done again it only
 * sets the passwords.
 * @returns connection strings for the two roles
 */
export async function provision(
  adminConnectionString: string,
  name: string,
  passwords: { owner: string; runtime: string },
): Promise<DatabaseAccess> {
  if (!/^[a-z][a-z0-9_]{0,50}$/.test(name)) throw new Error(`${name} is no name for a database`);
  const admin = new pg.Client({ connectionString: adminConnectionString, connectionTimeoutMillis: 5_000 });
  await admin.connect();
  try {
    const literal = (text: string) => admin.escapeLiteral(text);
    for (const [role, password] of [
      [`${name}_owner`, passwords.owner],
      [name, passwords.runtime],
    ] as const) {
      const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      await admin.query(`${rowCount ? 'ALTER' : 'CREATE'} ROLE ${role} LOGIN PASSWORD ${literal(password)}`);
    }
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await admin.query(`CREATE DATABASE ${name} OWNER ${name}_owner TEMPLATE template0`);
    await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    await admin.query(`GRANT CONNECT ON DATABASE ${name} TO ${name}`);
  } finally {
    await admin.end();
  }
  const as = (role: string, password: string) => {
    const url = new URL(adminConnectionString);
    url.username = role;
    url.password = password;
    url.pathname = `/${name}`;
    return url.toString();
  };
  return { owner: as(`${name}_owner`, passwords.owner), runtime: as(name, passwords.runtime) };
}
