import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { serverAccount } from './server-account.js';

/** The same for the same folder on every start, and short. */
const nameOf = (folder: string): string =>
  createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16);

/**
 * Where the data of a wished-for folder is kept: there, unless the server must run as another account that cannot pass
 * the folders above (root's home, say). Then in a folder under /var/tmp that belongs to the wished-for one.
 */
export async function placeFor(folder: string): Promise<string> {
  if (process.getuid?.() !== 0) return folder;
  const { uid, gid } = await serverAccount();
  for (let above = dirname(resolve(folder)); above !== dirname(above); above = dirname(above)) {
    const entry = await stat(above).catch(() => undefined);
    if (!entry) continue;
    const bit = entry.uid === uid ? 0o100 : entry.gid === gid ? 0o010 : 0o001;
    if ((entry.mode & bit) === 0) return join('/var/tmp', `loa-postgres-${nameOf(folder)}`);
  }
  return folder;
}

/** What the address of a Unix socket can hold, in bytes, without the zero at its end: 107 on Linux, 103 on macOS and BSD. */
const SOCKET_PATH_BYTES = 103;

/**
 * Where the Unix socket of a server is: in its folder, or, where that path would be too long for a socket, in a folder
 * for temporary files. Always the same for the same server, so that what a kill -9 left is found and not added to.
 * @returns undefined where Node.js has no such sockets (Windows), or no path is short enough
 */
export function socketPlaceFor(home: string, temporary = tmpdir()): string | undefined {
  if (process.platform === 'win32') return undefined;
  const places = [join(resolve(home), 'socket'), join(temporary, `loa-socket-${nameOf(home)}`)];
  return places.find((place) => Buffer.byteLength(join(place, '.s.PGSQL.65535')) <= SOCKET_PATH_BYTES);
}
