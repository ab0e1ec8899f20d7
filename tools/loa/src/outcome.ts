/** What a command came to: the same content for people and for programs. */
export interface Outcome {
  readonly text: string;
  /** Printed with --json; a stable shape that may grow. */
  readonly json: unknown;
  /** True: it was done, and found something that somebody must look at. */
  readonly attention?: boolean;
}

/** 0: done, all well · 1: done, and something needs attention · 2: could not be done. */
export const exitCode = { well: 0, attention: 1, failed: 2 } as const;
