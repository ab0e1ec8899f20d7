import { createServer, connect, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

interface Pair {
  /** From the client. */
  readonly near: Socket;
  /** To the server. */
  readonly far: Socket;
}

/** A TCP connection to a server with somebody in between who can be slow, lose what the server says, or hang up. */
export class Proxy {
  private readonly pairs = new Set<Pair>();
  private deaf = false;
  private slow = false;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async open(target: number): Promise<Proxy> {
    const server = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port to listen on');
    const proxy = new Proxy(server, address.port);
    server.on('connection', (near) => proxy.join(near, connect(target, '127.0.0.1')));
    return proxy;
  }

  get connections(): number {
    return this.pairs.size;
  }

  /** Ends every connection as if a cable were cut: what was on its way is lost. */
  cut(): void {
    for (const { near, far } of this.pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** What clients say in this time arrives, and what the server answers does not, for then everything is cut. */
  async cutWhileDeaf(ms: number): Promise<void> {
    this.deaf = true;
    this.apply();
    await pause(ms);
    this.cut();
    this.deaf = false;
    this.apply();
  }

  /** For so long nothing gets through in either direction; it arrives later. */
  async holdBack(ms: number): Promise<void> {
    this.slow = true;
    this.apply();
    await pause(ms);
    this.slow = false;
    this.apply();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket, far: Socket): void {
    const pair = { near, far };
    this.pairs.add(pair);
    const part = () => {
      this.pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.setNoDelay(true);
      from.on('error', part);
      from.on('close', part);
      from.on('data', (chunk) => to.write(chunk));
    }
    this.apply();
  }

  private apply(): void {
    for (const { near, far } of this.pairs) {
      if (this.slow) near.pause();
      else near.resume();
      if (this.slow || this.deaf) far.pause();
      else far.resume();
    }
  }
}
