import { badUserInput, decodeCursor, edgeError, pageSize, selects } from '@loa/graphql';
import { ParkedEvents, type ParkedEvent, type ParkedOutcome } from '@loa/projections';
import { UseGuards } from '@nestjs/common';
import { Args, Info, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import { idOf } from '../read-models/arguments.js';
import { connection, type Connection } from '../read-models/connection.js';
import { readFailure } from '../read-models/read-database.table.js';
import { OperatorGuard } from './operator.guard.js';

export { parkedSdl } from './parked.sdl.js';

const cursorKeys = z.tuple([z.string(), z.int()]);

interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

@Resolver()
@UseGuards(OperatorGuard)
export class ParkedResolver {
  constructor(private readonly parkedEvents: ParkedEvents) {}

  @Query('parked')
  parked(@Args() args: PageArguments, @Info() info: GraphQLResolveInfo): Promise<Connection> {
    return this.page('parked', args, info);
  }

  @Query('parkedStream')
  parkedStream(
    @Args() args: PageArguments & { readonly streamId: string },
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection> {
    const streamId = idOf(args.streamId, 'streamId');
    return this.page(`parked ${streamId}`, args, info, streamId);
  }

  private async page(
    list: string,
    args: PageArguments,
    info: GraphQLResolveInfo,
    streamId?: string,
  ): Promise<Connection> {
    const first = pageSize(args.first);
    const place = args.after
      ? decodeCursor<[string, number]>(args.after, { list, keys: cursorKeys })
      : undefined;
    const after = place && { source: place[0], position: place[1] };
    const events = await worded(this.parkedEvents.list(first + 1, after, streamId));
    const rows = events.map((event) => ({ keys: [event.source, event.position], node: told(event) }));
    const total = selects(info, 'totalCount') ? await worded(this.parkedEvents.count(streamId)) : undefined;
    return connection({ rows, ...(total !== undefined && { total }) }, { list, first, after: args.after });
  }

  @Mutation('retryParked')
  async retryParked(@Args() args: { streamId: string; operator: string }): Promise<unknown> {
    const operator = textIn(args.operator, 'operator', 100);
    return outcome(await worded(this.parkedEvents.retry(idOf(args.streamId, 'streamId'), operator)));
  }

  @Mutation('dropParked')
  async dropParked(
    @Args() args: { context: string; position: number; reason: string; operator: string },
  ): Promise<unknown> {
    const reason = textIn(args.reason, 'reason', 500);
    const operator = textIn(args.operator, 'operator', 100);
    const at = { source: args.context, position: args.position };
    return outcome(await worded(this.parkedEvents.drop(at, reason, operator)));
  }
}

async function worded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw readFailure(error);
  }
}

const told = ({ source, why, ...event }: ParkedEvent) => ({
  ...event,
  context: source,
  why: why.toUpperCase(),
});

/** @throws GraphQLError NOT_FOUND when there was nothing to act on */
function outcome({ state, applied, remaining, next }: ParkedOutcome): object {
  if (state !== 'gone') return { state: state.toUpperCase(), applied, remaining, next: next && told(next) };
  throw edgeError('NOT_FOUND', {
    vi: 'Không có sự kiện nào như vậy đang bị gác lại, hoặc nó chỉ đứng sau sự kiện lỗi. Xem lại danh sách «parked».',
    en: 'No such event is parked, or it only stands behind the one that failed. Look at "parked" again.',
  });
}

/** @throws GraphQLError BAD_USER_INPUT when it is empty or too long */
function textIn(text: string, argument: string, most: number): string {
  const trimmed = text.normalize('NFC').trim();
  if (trimmed.length >= 1 && trimmed.length <= most) return trimmed;
  throw badUserInput(
    {
      vi: `«${argument}» phải dài 1–${most} ký tự.`,
      en: `"${argument}" must have 1 to ${most} characters.`,
    },
    argument,
  );
}
