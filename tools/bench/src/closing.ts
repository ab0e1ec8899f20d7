type Close = () => Promise<unknown>;

/** We were told to stop, so nothing more is begun. */
export class Stopped extends Error {
  constructor() {
    super('stopped');
  }
}

/**
 * What must be ended before this process may: child processes, servers, folders. Opened last, closed first; one that
 * fails does not keep the others open. Closed while something is still starting, it waits for it and then ends it.
 */
export class Closing {
  private readonly list: Close[] = [];
  private stopping = false;

  constructor(
    private readonly onFailure: (error: unknown) => void = (error) => console.error('ending failed:', error),
  ) {}

  /** True from the moment on when everything is being ended. */
  get begun(): boolean {
    return this.stopping;
  }

  /** @throws Stopped when it is too late to begin anything */
  add(close: Close): void {
    if (this.stopping) throw new Stopped();
    this.list.push(close);
  }

  /** Ends what `start` brings, also when we are told to stop before it is there. @throws Stopped */
  async hold<T>(start: () => Promise<T>, close: (started: T) => Promise<unknown>): Promise<T> {
    if (this.stopping) throw new Stopped();
    const starting = start();
    this.add(() => starting.then(close, () => undefined));
    return starting;
  }

  async close(): Promise<void> {
    this.stopping = true;
    for (let next = this.list.pop(); next; next = this.list.pop()) {
      await next().catch(this.onFailure);
    }
  }
}
