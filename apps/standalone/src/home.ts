import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Two processes on one data folder would stop each other's database. */
export class HomeInUse extends Error {
  constructor(home: string, pid: number) {
    super(
      `Another Loa (process ${pid}) is running on ${home}. Stop it first, or choose another folder with LOA_HOME.\n` +
        `Một Loa khác (tiến trình ${pid}) đang chạy trên ${home}. Dừng nó trước, hoặc chọn thư mục khác bằng LOA_HOME.`,
    );
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Takes the data folder for this process. @returns how to give it back @throws HomeInUse */
export async function takeHome(home: string): Promise<() => Promise<void>> {
  await mkdir(home, { recursive: true });
  const lock = join(home, 'process');
  const holder = Number(await readFile(lock, 'utf8').catch(() => '0'));
  if (holder > 0 && holder !== process.pid && isAlive(holder)) throw new HomeInUse(home, holder);
  await writeFile(lock, String(process.pid));
  return () => rm(lock, { force: true });
}
