import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const operatorTokenFile = (home: string): string => join(home, 'operator-token');

/** What operators of this data folder prove themselves with: made once, in a file that only its owner can read. */
export async function operatorToken(home: string): Promise<string> {
  const file = operatorTokenFile(home);
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const token = randomBytes(32).toString('base64url');
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  return token;
}
