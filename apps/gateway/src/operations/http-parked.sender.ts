import type { Localized } from '@loa/event-sourcing';
import { edgeError } from '@loa/graphql';
import type { ParkedEvent, ParkedOutcome } from '@loa/projections';
import type { GraphQLError } from 'graphql';
import { z } from 'zod';
import type { ParkedDesk } from './parked-desk.js';

export interface HttpParkedDeskOptions {
  /** The context that has parked them, e.g. `reporting`. */
  readonly context: string;
  /** Where its service listens, e.g. `http://reporting:3000`. */
  readonly service: string;
  /** What this gateway proves itself with there; undefined: it is let in nowhere, and lets no operator in itself. */
  readonly operatorToken: string | undefined;
  /** Told why there was no answer: clients are told in words what to do. */
  readonly onNoAnswer: (error: Error, of: { readonly context: string; readonly request: string }) => void;
  /** How long one request may take, in ms. */
  readonly patienceMs?: number;
}

// A service waits 5 s for what becomes of a retry or a drop before it answers that it goes on.
const PATIENCE_MS = 10_000;

const event = z.object({
  source: z.string(),
  position: z.int(),
  partition: z.int(),
  streamId: z.string(),
  version: z.int(),
  eventId: z.string(),
  type: z.string(),
  schemaVersion: z.int(),
  data: z.string(),
  meta: z.string(),
  recordedAt: z.string(),
  why: z.enum(['failed', 'behind']),
  error: z.string().nullable(),
  attempts: z.int(),
  parkedAt: z.string(),
});
const answers = {
  page: z.object({ events: z.array(event) }),
  count: z.object({ count: z.int() }),
  outcome: z.object({
    state: z.enum(['done', 'failing', 'gone', 'pending']),
    applied: z.int(),
    remaining: z.int(),
    next: event.optional(),
  }),
};

/**
 * What a context has parked of others, asked of its service: only that has a connection to its database.
 * Every method throws GraphQLError DEPENDENCY_UNAVAILABLE when there is no answer.
 */
export class HttpParkedDesk implements ParkedDesk {
  constructor(private readonly options: HttpParkedDeskOptions) {}

  async list(
    first: number,
    after?: Pick<ParkedEvent, 'source' | 'position'>,
    streamId?: string,
  ): Promise<ParkedEvent[]> {
    const query = new URLSearchParams({
      first: String(first),
      ...(after && { source: after.source, position: String(after.position) }),
      ...(streamId !== undefined && { streamId }),
    });
    return (await this.asked(answers.page, `?${query}`)).events;
  }

  async count(streamId?: string): Promise<number> {
    const query = streamId === undefined ? '' : `?${new URLSearchParams({ streamId })}`;
    return (await this.asked(answers.count, `/count${query}`)).count;
  }

  retry(streamId: string, by: string): Promise<ParkedOutcome> {
    return this.settled('/retry', { streamId, by });
  }

  drop(at: Pick<ParkedEvent, 'source' | 'position'>, reason: string, by: string): Promise<ParkedOutcome> {
    return this.settled('/drop', { source: at.source, position: at.position, reason, by });
  }

  /** Sent once: what a second drop would be answered says nothing of the first. */
  private async settled(path: string, body: object): Promise<ParkedOutcome> {
    const { next, ...outcome } = await this.asked(answers.outcome, path, body);
    return { ...outcome, next };
  }

  private async asked<T extends z.ZodType>(schema: T, path: string, body?: object): Promise<z.output<T>> {
    const { context, operatorToken, patienceMs = PATIENCE_MS, onNoAnswer } = this.options;
    const request = `${body ? 'POST' : 'GET'} /operations/parked${path.replace(/\?.*/, '')}`;
    let cause: Error;
    try {
      const response = await fetch(`${this.options.service.replace(/\/+$/, '')}/operations/parked${path}`, {
        method: body ? 'POST' : 'GET',
        headers: {
          accept: 'application/json',
          ...(operatorToken !== undefined && { authorization: `Bearer ${operatorToken}` }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(patienceMs),
      });
      const given: unknown = await response.json();
      const parsed = schema.safeParse(given);
      if (response.ok && parsed.success) return parsed.data;
      cause = new Error(`status ${response.status}, and not what was asked for`);
      // These are said before anything is done, so nothing was kept either.
      const refused = refusals[response.status];
      if (refused) {
        onNoAnswer(cause, { context, request });
        throw refused(context);
      }
    } catch (error) {
      if (isWorded(error)) throw error;
      cause = error instanceof Error ? error : new Error(String(error));
    }
    onNoAnswer(cause, { context, request });
    throw body ? unsettled(context) : away(context);
  }
}

const isWorded = (error: unknown): error is GraphQLError => error instanceof Error && 'extensions' in error;

const unavailable = (messages: Localized, retryable: boolean) =>
  edgeError('DEPENDENCY_UNAVAILABLE', messages, { retryable });

const away = (context: string) =>
  unavailable(
    {
      vi: `Dịch vụ «${context}» không trả lời. Thử lại sau ít phút; nếu vẫn lỗi, xem dịch vụ đó có chạy không.`,
      en: `The service "${context}" does not answer. Try again in a few minutes; if it persists, see whether it runs.`,
    },
    true,
  );
const unsettled = (context: string) =>
  unavailable(
    {
      vi: `Dịch vụ «${context}» không trả lời; yêu cầu có thể đã được ghi nhận. Xem lại danh sách «parked» trước khi gửi lại.`,
      en: `The service "${context}" does not answer; the request may have been kept. Look at "parked" again before you repeat it.`,
    },
    false,
  );
const otherToken = (context: string) =>
  unavailable(
    {
      vi: `Dịch vụ «${context}» không nhận mã vận hành của cổng này. Đặt cùng một LOA_OPERATOR_TOKEN cho cả hai rồi khởi động lại.`,
      en: `The service "${context}" does not take the operator token of this gateway. Set the same LOA_OPERATOR_TOKEN for both and start them again.`,
    },
    false,
  );
const noOperations = (context: string) =>
  unavailable(
    {
      vi: `Dịch vụ «${context}» không có chức năng vận hành: bản phát hành của dịch vụ cũ hơn cổng này. Nâng cấp dịch vụ đó; đến lúc ấy dùng «loa parked».`,
      en: `The service "${context}" has no operations: its release is older than this gateway. Update it; until then use "loa parked".`,
    },
    false,
  );
const notUnderstood = (context: string) =>
  unavailable(
    {
      vi: `Dịch vụ «${context}» không hiểu yêu cầu này: bản phát hành của dịch vụ và của cổng này khác nhau. Đưa cả hai về cùng một bản; đến lúc ấy dùng «loa parked».`,
      en: `The service "${context}" does not understand this request: its release and that of this gateway differ. Bring both to one; until then use "loa parked".`,
    },
    false,
  );

/** What a service says by a status about the whole of the question. */
const refusals: Readonly<Record<number, (context: string) => GraphQLError>> = {
  400: notUnderstood,
  401: otherToken,
  403: otherToken,
  404: noOperations,
};
