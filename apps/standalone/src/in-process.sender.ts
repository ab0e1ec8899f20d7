import { isTransient } from '@loa/database';
import type { CommandAnswer, CommandContract, CommandEnvelope } from '@loa/event-sourcing';
import { StoreBusy } from '@loa/event-store';
import { insist, NoAnswer, type CommandSender, type Insistence } from '@loa/graphql';
import type { CommandDispatcher } from '@loa/service';

/** In one process the way to a context is a call. What a service would answer with 503 because it has too much to do is tried again, as there. */
export class InProcessSender implements CommandSender {
  constructor(
    private readonly dispatchers: Readonly<Record<string, CommandDispatcher>>,
    private readonly insistence: Insistence = {},
  ) {}

  async send(contract: CommandContract, envelope: CommandEnvelope): Promise<CommandAnswer> {
    const dispatcher = this.dispatchers[contract.context];
    if (!dispatcher) throw new Error(`no context ${contract.context} runs here`);
    return insist(contract, () => once(dispatcher, contract, envelope), this.insistence);
  }
}

/** @throws NoAnswer, UnknownCommand, or what broke */
async function once(
  dispatcher: CommandDispatcher,
  { context, name }: CommandContract,
  envelope: CommandEnvelope,
): Promise<CommandAnswer> {
  try {
    return await dispatcher.dispatch(name, envelope);
  } catch (cause) {
    if (!isTransient(cause) && !(cause instanceof StoreBusy)) throw cause;
    // The service itself has tried for a while where the database was at fault.
    throw new NoAnswer(`the log of ${context} is busy or away`, {
      cause,
      passing: cause instanceof StoreBusy,
    });
  }
}
