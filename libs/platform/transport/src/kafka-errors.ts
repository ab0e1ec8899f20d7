/** What kafkajs throws often stands for another error. */
function causes(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}

/** Connections and retriable answers (no leader yet, too few replicas). kafkajs calls some of them not retriable on the outside. */
export function passes(error: unknown): boolean {
  return causes(error).some(
    (cause) =>
      ('retriable' in cause && cause.retriable === true) ||
      /ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE/.test(cause.message),
  );
}

/** @param type as the Kafka protocol calls it */
export const saysBroker = (
  error: unknown,
  type: 'UNKNOWN_TOPIC_OR_PARTITION' | 'TOPIC_AUTHORIZATION_FAILED',
) => causes(error).some((cause) => 'type' in cause && cause.type === type);
