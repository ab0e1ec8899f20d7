import { HttpException, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { problemBody, problems } from '../refusal-http.js';
import { operatorProof, type OperatorProof } from './operator-proof.js';

/** Injection token of what operators prove themselves with; undefined: operations are off. */
export const OPERATOR_TOKEN = Symbol('what operators prove themselves with');

const refusals = {
  off: problems.operationsOff,
  missing: problems.operatorMissing,
  wrong: problems.operatorWrong,
} as const satisfies Record<Exclude<OperatorProof, 'operator'>, unknown>;

/** Lets operators in to a service. The gateway asks on their behalf with the token it has itself. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(@Inject(OPERATOR_TOKEN) private readonly token: string | undefined) {}

  /** @throws HttpException 401 or 403 with words that say what to do */
  canActivate(context: ExecutionContext): true {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>();
    const proof = operatorProof(this.token, headers['authorization']);
    if (proof === 'operator') return true;
    const refusal = refusals[proof];
    throw new HttpException(problemBody(refusal), refusal.http);
  }
}
