import { chown, lstat, mkdir, rm } from 'node:fs/promises';
import { socketPlaceFor } from './places.js';
import { serverAccount } from './server-account.js';

/**
 * Makes the folder for the Unix socket of a server anew: only the account of the server may enter it, and root.
 * @returns undefined where it cannot be made; the server is then reached over TCP alone
 */
export async function makeSocketFolder(home: string): Promise<string | undefined> {
  const folder = socketPlaceFor(home);
  if (folder === undefined) return undefined;
  const { uid, gid } = await serverAccount();
  try {
    const left = await lstat(folder).catch(() => undefined);
    // Whoever has put something there could listen in the place of the server.
    if (left && left.uid !== uid && left.uid !== process.getuid?.()) return undefined;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    if (process.getuid?.() === 0) await chown(folder, uid, gid);
    return folder;
  } catch {
    return undefined;
  }
}

/** As the setting unix_socket_directories has it: a list, in which a name with commas or blanks is quoted. */
export const asSetting = (folder: string | undefined): string =>
  folder === undefined ? '' : `"${folder.replaceAll('"', '""')}"`;

/** Whether the end of a server's log says that it could not listen on its Unix socket. */
export const socketFailed = (log: string): boolean => /\.s\.PGSQL\.|Unix-domain socket/.test(log);
