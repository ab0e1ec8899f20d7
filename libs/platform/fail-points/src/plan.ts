/** Where a process can be made to fail, by name: `<part>.<moment>`. */
export const failPointNames = [
  'appender.beforeSend',
  'appender.afterAnswer',
  'relay.beforeSend',
  'relay.afterAcknowledgement',
  'relay.afterCheckpoint',
  'relay.beforeHeartbeat',
  'consumer.beforeHandle',
  'consumer.afterHandle',
  'projector.beforeCommit',
  'projector.afterCommit',
  'command.afterAppend',
] as const;
export type FailPointName = (typeof failPointNames)[number];

/** `kill`: gone at once, as by a power cut. `stop`: frozen until somebody sends SIGCONT. */
export type FailAction = 'kill' | 'stop';

export interface PlannedFailure {
  readonly name: FailPointName;
  readonly action: FailAction;
  /** At the how manieth passing, from 1. */
  readonly at: number;
}

const isName = (word: string): word is FailPointName => (failPointNames as readonly string[]).includes(word);

/** @param text e.g. `relay.afterCheckpoint:kill@17,appender.beforeSend:stop@3` @throws on what it does not understand */
export function readPlan(text: string): PlannedFailure[] {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [, name = '', action, at] = /^([\w.]+):(kill|stop)@([1-9]\d*)$/.exec(part) ?? [];
      if (!isName(name))
        throw new Error(
          `"${part}" is no fail point: write <name>:kill@<n> or <name>:stop@<n>; names are ${failPointNames.join(', ')}`,
        );
      return { name, action: action as FailAction, at: Number(at) };
    });
}

export const writePlan = (plan: readonly PlannedFailure[]): string =>
  plan.map(({ name, action, at }) => `${name}:${action}@${at}`).join(',');
