/** Heartbeats while a handler works, so that a long batch is not taken for a death. The first failure is kept for later. */
export function keepBeating(
  heartbeat: () => Promise<void>,
  everyMs: number,
): { failure: unknown; stop(): void } {
  const beat = { failure: undefined as unknown, stop: () => clearInterval(timer) };
  const timer = setInterval(
    () => void heartbeat().catch((error: unknown) => (beat.failure ??= error)),
    everyMs,
  );
  return beat;
}
