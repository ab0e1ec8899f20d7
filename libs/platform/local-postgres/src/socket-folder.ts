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
  try {
    await removeSocketFolder(home);
    // It does not become ours when it is there still: whoever made it could listen in the place of the server.
    await mkdir(folder, { mode: 0o700 });
    const { uid, gid } = await serverAccount();
    if (process.getuid?.() === 0) await chown(folder, uid, gid);
    return folder;
  } catch {
    return undefined;
  }
}

/** Takes away the folder for the Unix socket of a server, unless it belongs to somebody else. */
export async function removeSocketFolder(home: string): Promise<void> {
  const folder = socketPlaceFor(home);
  const made = folder === undefined ? undefined : await lstat(folder).catch(() => undefined);
  if (folder === undefined || !made) return;
  const { uid } = await serverAccount();
  if (made.uid === uid || made.uid === process.getuid?.()) await rm(folder, { recursive: true, force: true });
}

/** As the setting unix_socket_directories has it: a list, in which a name with commas or blanks is quoted. */
export const asSetting = (folder: string | undefined): string =>
  folder === undefined ? '' : `"${folder.replaceAll('"', '""')}"`;

/** Whether the end of a server's log says that it could not listen on its Unix socket. */
export const socketFailed = (log: string): boolean => /\.s\.PGSQL\.|Unix-domain socket/.test(log);
