import { edgeError, type EdgeContext, type EdgeCode } from '@loa/graphql';
import { operatorProof, problems, type OperatorProof } from '@loa/service';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';

/** Injection token of the token of operators; undefined: operations are off. */
export const OPERATOR_TOKEN = Symbol('what operators prove themselves with');

type Refused = Exclude<OperatorProof, 'operator'>;

const refusals: Readonly<Record<Refused, readonly [EdgeCode, (typeof problems)[keyof typeof problems]]>> = {
  off: ['FORBIDDEN', problems.operationsOff],
  missing: ['UNAUTHENTICATED', problems.operatorMissing],
  wrong: ['FORBIDDEN', problems.operatorWrong],
};

/** Lets operators in. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(@Inject(OPERATOR_TOKEN) private readonly token: string | undefined) {}

  /** @throws GraphQLError FORBIDDEN when operations are off or the token is another, UNAUTHENTICATED when there is none */
  canActivate(context: ExecutionContext): true {
    const { req } = GqlExecutionContext.create(context).getContext<EdgeContext>();
    const proof = operatorProof(this.token, req?.headers['authorization']);
    if (proof === 'operator') return true;
    const [code, { message }] = refusals[proof];
    throw edgeError(code, message);
  }
}
