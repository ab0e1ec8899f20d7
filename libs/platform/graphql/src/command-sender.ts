import type { CommandAnswer, CommandContract, CommandEnvelope } from '@loa/event-sourcing';

/**
 * Carries a command to the door of its context and brings the answer back.
 * In one process it is a call, between processes an HTTP request.
 */
export interface CommandSender {
  /**
   * @returns what the door answered; a refusal is an answer
   * @throws DependencyUnavailable when no answer could be had: whether the command was carried out is not known,
   * and the same key may be sent again
   */
  send(contract: CommandContract, envelope: CommandEnvelope): Promise<CommandAnswer>;
}

/** The context gave no answer. */
export class DependencyUnavailable extends Error {
  constructor(
    readonly context: string,
    readonly command: string,
    options?: ErrorOptions,
  ) {
    super(`${context} gave no answer to ${command}`, options);
    this.name = 'DependencyUnavailable';
  }
}
