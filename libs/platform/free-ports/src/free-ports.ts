import { createServer } from 'node:net';

const LOWEST = 20_000;
const HIGHEST = 29_999;

/**
 * Free ports on loopback, below the range from which the system takes ports for outgoing connections (from 32768 on
 * Linux, 49152 elsewhere). A server that is killed must find its port free when it comes back, while clients keep trying to
 * reach it: from that range one of their own connections could have taken it.
 * @throws when there are not that many
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries += 1) {
    if (tries > 1_000) throw new Error(`no free port between ${LOWEST} and ${HIGHEST}`);
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

/** One of them. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port!;
}

/** Whether nobody listens there, on loopback. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
