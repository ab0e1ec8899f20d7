import { edgeError, type EdgeContext } from '@loa/graphql';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import { createHash, timingSafeEqual } from 'node:crypto';

/** Injection token of the token of operators; undefined: operations are off. */
export const OPERATOR_TOKEN = Symbol('what operators prove themselves with');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Lets operators in. There is no sign-in yet: whoever has the token of the configuration is one. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(@Inject(OPERATOR_TOKEN) private readonly token: string | undefined) {}

  /** @throws GraphQLError FORBIDDEN when operations are off or the token is another, UNAUTHENTICATED when there is none */
  canActivate(context: ExecutionContext): true {
    if (this.token === undefined) throw operationsAreOff();
    const { req } = GqlExecutionContext.create(context).getContext<EdgeContext>();
    const given = /^Bearer (.+)$/i.exec(String(req?.headers['authorization'] ?? ''))?.[1];
    if (given === undefined) throw tokenMissing();
    // Of digests, which have one length: how long the comparison takes tells nothing of the token.
    if (!timingSafeEqual(digest(given), digest(this.token))) throw tokenWrong();
    return true;
  }
}

const operationsAreOff = () =>
  edgeError('FORBIDDEN', {
    vi: 'Máy chủ này không bật chức năng vận hành. Đặt LOA_OPERATOR_TOKEN rồi khởi động lại.',
    en: 'Operations are switched off on this server. Set LOA_OPERATOR_TOKEN and start it again.',
  });
const tokenMissing = () =>
  edgeError('UNAUTHENTICATED', {
    vi: 'Chức năng này dành cho người vận hành. Gửi kèm tiêu đề Authorization: Bearer <LOA_OPERATOR_TOKEN>.',
    en: 'This is for operators. Send the header Authorization: Bearer <LOA_OPERATOR_TOKEN>.',
  });
const tokenWrong = () =>
  edgeError('FORBIDDEN', {
    vi: 'Mã vận hành không đúng. Kiểm tra giá trị LOA_OPERATOR_TOKEN của máy chủ này.',
    en: 'The operator token is not the right one. Check the LOA_OPERATOR_TOKEN of this server.',
  });
