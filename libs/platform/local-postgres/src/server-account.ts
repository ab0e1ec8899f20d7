import { readFile } from 'node:fs/promises';

/** PostgreSQL refuses to run as root: then it runs as `postgres` if there is such an account, else as `nobody`. */
export async function serverAccount(): Promise<{
  name: string;
  uid: number;
  gid: number;
  as: { uid?: number; gid?: number };
}> {
  if (process.getuid?.() !== 0) {
    return { name: 'this user', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, as: {} };
  }
  const passwd = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const entry = passwd.find(([name]) => name === 'postgres') ?? passwd.find(([name]) => name === 'nobody');
  if (!entry)
    throw new Error(
      'PostgreSQL does not run as root, and there is no account "postgres" or "nobody" to run as',
    );
  const [uid, gid] = [Number(entry[2]), Number(entry[3])];
  return { name: entry[0]!, uid, gid, as: { uid, gid } };
}
