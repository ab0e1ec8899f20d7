import { endProcess } from '@loa/outside';
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type Methods = Readonly<Record<string, (argument: never) => Promise<unknown>>>;
interface Call {
  readonly method: string;
  readonly argument: unknown;
}
type Reply = { readonly result: unknown } | { readonly error: string };

/** A process of its own that carries out one call after the other, so that the one that measures stays idle. */
export class Worker {
  private constructor(private readonly child: ChildProcess) {}

  /** @param name of a module beside the caller, without extension; it calls {@link answerCalls} */
  static async start(name: string, beside: string): Promise<Worker> {
    // Run from its sources or from what was built.
    const extension = beside.endsWith('.ts') ? 'ts' : 'js';
    const module = fileURLToPath(new URL(`./${name}.${extension}`, beside));
    const child = fork(module, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
    });
    return new Worker(child);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** @throws Error when the call throws there, or the process ends */
  call<T>(method: string, argument: unknown = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the process of ${method} ended with ${code}`));
      this.child.once('exit', ended);
      this.child.once('message', (reply: Reply) => {
        this.child.off('exit', ended);
        if ('error' in reply) reject(new Error(reply.error));
        else resolve(reply.result as T);
      });
      this.child.send({ method, argument } satisfies Call);
    });
  }

  async end(): Promise<void> {
    await endProcess(this.child);
  }
}

/** In the worker: answers calls until the process that started it is gone. */
export function answerCalls(methods: Methods): void {
  process.on('message', ({ method, argument }: Call) => {
    const answer = methods[method]?.(argument as never) ?? Promise.reject(new Error(`no ${method} here`));
    void answer.then(
      (result) => process.send!({ result } satisfies Reply),
      (error: unknown) =>
        process.send!({
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        } satisfies Reply),
    );
  });
  // Also when the other one was killed: nobody else would end us.
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches every process of the terminal; the one that started us ends us when it is done.
  process.on('SIGINT', () => undefined);
  process.send!('ready');
}
