/** Whether a client takes `application/graphql-response+json`, under which a status says something of the operation. */
export const takesStatus = (accept: string | null | undefined): boolean =>
  accept?.includes('application/graphql-response+json') ?? false;
