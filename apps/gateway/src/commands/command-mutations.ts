import {
  doorRefusals,
  worded,
  type CommandAnswer,
  type CommandEnvelope,
  type CommandRefused,
  type Localized,
} from '@loa/event-sourcing';
import {
  DependencyUnavailable,
  edgeError,
  langOf,
  type CommandRoute,
  type CommandSchema,
  type CommandSender,
  type EdgeContext,
  type Lang,
} from '@loa/graphql';
import type { GraphQLError } from 'graphql';
import { minPositionText } from '../read-models/freshness/min-position.js';

interface MutationArgs {
  readonly input: unknown;
  readonly idempotencyKey?: string | null;
  readonly expectedVersion?: number | null;
  readonly occurredAt?: string | null;
}

export type MutationResolver = (source: unknown, args: MutationArgs, context: EdgeContext) => Promise<object>;

/**
 * The resolvers of all mutations: one door for every command, no resolver per use case.
 * @param newKey a fresh idempotency key, for clients that give none
 */
export function commandMutations(
  { routes }: CommandSchema,
  sender: CommandSender,
  newKey: () => string,
): Readonly<Record<string, MutationResolver>> {
  const resolver =
    (route: CommandRoute): MutationResolver =>
    async (_source, args) => {
      const envelope = envelopeOf(route, args, args.idempotencyKey ?? newKey());
      return told(route, unsendable(envelope) ?? (await sent(route, envelope, sender)));
    };
  return Object.fromEntries([...routes].map(([field, route]) => [field, resolver(route)]));
}

function envelopeOf(route: CommandRoute, args: MutationArgs, idempotencyKey: string): CommandEnvelope {
  const { expectedVersion, occurredAt } = args;
  return {
    input: route.toInput({ input: args.input }),
    idempotencyKey,
    ...(typeof expectedVersion === 'number' && { expectedVersion }),
    ...(typeof occurredAt === 'string' && { occurredAt }),
  };
}

async function sent({ contract }: CommandRoute, envelope: CommandEnvelope, sender: CommandSender) {
  try {
    return await sender.send(contract, envelope);
  } catch (error) {
    if (error instanceof DependencyUnavailable) throw unavailable(error, envelope.idempotencyKey);
    throw error;
  }
}

/**
 * What the contract does not judge and HTTP could not carry: the key travels as a header, which takes no other
 * characters, and the door does not read an envelope that is out of bounds.
 */
function unsendable({
  idempotencyKey,
  expectedVersion,
  occurredAt,
}: CommandEnvelope): CommandRefused | undefined {
  if (!/^[\x21-\x7e]{1,200}$/.test(idempotencyKey)) {
    const problem = 'cần 1–200 ký tự ASCII, không có dấu cách';
    return invalid('idempotencyKey', problem, 'it must have 1 to 200 ASCII characters and no spaces');
  }
  if (expectedVersion !== undefined && expectedVersion < 0) {
    return invalid('expectedVersion', 'phải từ 0 trở lên', 'it must be 0 or more');
  }
  if (occurredAt !== undefined && occurredAt.length > 50) {
    return invalid('occurredAt', 'không phải thời điểm có thật', 'it is not an instant that exists');
  }
  return undefined;
}

const invalid = (field: string, problem: string, problemEn: string): CommandRefused => ({
  status: 'refused',
  code: 'invalid-input',
  field,
  message: worded(doorRefusals['invalid-input'], { field, problem, problemEn }),
});

function unavailable({ context, command }: DependencyUnavailable, idempotencyKey: string): GraphQLError {
  const messages = {
    vi: 'Dịch vụ {context} chưa trả lời, nên chưa rõ lệnh {command} đã được thực hiện hay chưa. Gửi lại đúng lệnh này với cùng idempotencyKey {key}: lệnh sẽ chỉ được thực hiện một lần.',
    en: 'The {context} service gave no answer, so it is not known whether {command} was carried out. Send the same command again with the same idempotencyKey {key}: it will be carried out once only.',
  };
  return edgeError('DEPENDENCY_UNAVAILABLE', worded(messages, { context, command, key: idempotencyKey }), {
    retryable: true,
    context,
    command,
    idempotencyKey,
  });
}

/** GraphQL's own default resolver calls a property that is a function: so the language is chosen field by field. */
const localized =
  (message: Localized) =>
  ({ lang }: { lang?: Lang | null }, context: EdgeContext): string =>
    message[langOf(context, lang)];

function told({ contract, refusedType }: CommandRoute, answer: CommandAnswer): object {
  if (answer.status === 'accepted') {
    const warnings = answer.warnings.map((warning) => ({ ...warning, message: localized(warning.message) }));
    const { position, streamId } = answer;
    // A service of a release before this one does not say which stream it was.
    const minPosition = streamId ? minPositionText({ context: contract.context, position, streamId }) : null;
    return { ...answer, __typename: 'CommandAccepted', minPosition, warnings };
  }
  const { code, field, message } = answer;
  // During a roll-out a context may know a reason that this gateway's schema does not have yet.
  if (!(code in contract.refusals) && !(code in doorRefusals)) {
    throw edgeError('COMMAND_REFUSED', message, { reason: code, ...(field !== undefined && { field }) });
  }
  return { __typename: refusedType, code, field, message: localized(message) };
}
