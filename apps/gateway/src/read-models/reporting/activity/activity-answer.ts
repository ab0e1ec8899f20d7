import type { Piece } from './evidence.js';
import { kindName } from './activity.sdl.js';
import { threadOf, type StoredEntry } from './thread.js';

/** The parts of an activity that the SQL answers as the tables hold them, when they are asked for. */
interface Untold {
  readonly thread?: readonly StoredEntry[];
  readonly evidence?: readonly Piece[];
}

const isUntold = (activity: unknown): activity is Untold => activity !== null && typeof activity === 'object';

const told = ({ file, ...piece }: Piece) => ({
  ...piece,
  ...(file && { file: { ...file, url: `/files/${file.sha256}?name=${encodeURIComponent(file.name)}` } }),
});

/** An activity as the SQL answers it, made into what the schema promises: its thread told, its files with addresses. */
export const toldActivity = (activity: unknown): unknown =>
  isUntold(activity)
    ? {
        ...activity,
        thread:
          activity.thread &&
          threadOf(activity.thread).map((entry) => ({ ...entry, kind: kindName(entry.kind) })),
        evidence: activity.evidence?.map(told),
      }
    : activity;
