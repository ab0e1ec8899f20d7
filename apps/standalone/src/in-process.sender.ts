import { isTransient } from '@loa/database';
import type { CommandAnswer, CommandContract, CommandEnvelope } from '@loa/event-sourcing';
import { StoreBusy } from '@loa/event-store';
import { DependencyUnavailable, type CommandSender } from '@loa/graphql';
import type { CommandDispatcher } from '@loa/service';

/** In one process the way to a context is a call. */
export class InProcessSender implements CommandSender {
  constructor(private readonly dispatchers: Readonly<Record<string, CommandDispatcher>>) {}

  async send(contract: CommandContract, envelope: CommandEnvelope): Promise<CommandAnswer> {
    const dispatcher = this.dispatchers[contract.context];
    if (!dispatcher) throw new Error(`no context ${contract.context} runs here`);
    try {
      return await dispatcher.dispatch(contract.name, envelope);
    } catch (error) {
      if (!isTransient(error) && !(error instanceof StoreBusy)) throw error;
      throw new DependencyUnavailable(contract.context, contract.name, { cause: error });
    }
  }
}
