import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether somebody is an operator; `off`: nobody can be, no token is configured. */
export type OperatorProof = 'operator' | 'off' | 'missing' | 'wrong';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * There is no sign-in yet: whoever has the token of the configuration is an operator.
 * @param token undefined: operations are off
 * @param authorization the header of the request, `Bearer <token>`
 */
export function operatorProof(token: string | undefined, authorization: unknown): OperatorProof {
  if (token === undefined) return 'off';
  const given = typeof authorization === 'string' ? /^Bearer (.+)$/i.exec(authorization)?.[1] : undefined;
  if (given === undefined) return 'missing';
  // Of digests, which have one length: how long the comparison takes tells nothing of the token.
  return timingSafeEqual(digest(given), digest(token)) ? 'operator' : 'wrong';
}
