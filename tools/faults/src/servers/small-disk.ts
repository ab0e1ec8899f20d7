import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MIB = 1024 * 1024;

/** A small file system in memory, so that it can be filled to the last byte. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /**
   * @param size in MiB
   * @returns undefined where file systems may not be mounted: that takes root
   */
  static async mount(size: number): Promise<SmallDisk | undefined> {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
    const folder = await mkdtemp(join(tmpdir(), 'loa-faults-disk-'));
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${size}m,mode=755`, 'tmpfs', folder]);
      return new SmallDisk(folder);
    } catch {
      await rmdir(folder);
      return undefined;
    }
  }

  async fill(): Promise<void> {
    const file = await open(this.filler, 'w');
    try {
      for (const block of [Buffer.alloc(4 * MIB), Buffer.alloc(4_096)]) {
        while (await written(file, block));
      }
    } finally {
      await file.close();
    }
  }

  async free(): Promise<void> {
    await rm(this.filler, { force: true });
  }

  async unmount(): Promise<void> {
    await run('umount', [this.folder]);
    await rmdir(this.folder);
  }

  private get filler(): string {
    return join(this.folder, 'filler');
  }
}

async function written(file: Awaited<ReturnType<typeof open>>, block: Buffer): Promise<boolean> {
  try {
    const { bytesWritten } = await file.write(block);
    return bytesWritten === block.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
