import { badUserInput, decodeCursor, edgeError, pageSize, selects } from '@loa/graphql';
import type { ParkedEvent, ParkedOutcome } from '@loa/projections';
import { Inject, UseGuards } from '@nestjs/common';
import { Args, Info, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import { contexts } from '../contexts.js';
import { idOf } from '../read-models/arguments.js';
import { connection, type Connection } from '../read-models/connection.js';
import { readFailure } from '../read-models/read-database.table.js';
import { OperatorGuard } from './operator.guard.js';
import { readerNames, readerSpelled, spelled, type ParkedDesk, type ParkedDesks } from './parked-desk.js';

export { parkedSdl } from './parked.sdl.js';

const cursorKeys = z.tuple([z.string(), z.int()]);

/** Injection token of {@link ParkedDesks}. */
export const PARKED_DESKS = Symbol('where the parked events of every reader are seen to');

interface Of {
  /** As GraphQL spells it. */
  readonly reader: string;
}
interface PageArguments extends Of {
  readonly first?: number | null;
  readonly after?: string | null;
}

@Resolver()
@UseGuards(OperatorGuard)
export class ParkedResolver {
  constructor(@Inject(PARKED_DESKS) private readonly desks: ParkedDesks) {}

  /** Each is asked by itself: one whose service is away leaves the others to be seen. */
  @Query('parkedReaders')
  parkedReaders(): unknown {
    return readerNames.map((reader) => ({
      reader: spelled(reader),
      parked: () => worded(this.desks[reader].count()),
    }));
  }

  @Query('parked')
  parked(@Args() args: PageArguments, @Info() info: GraphQLResolveInfo): Promise<Connection> {
    return this.page(`parked ${args.reader}`, args, info);
  }

  @Query('parkedStream')
  parkedStream(
    @Args() args: PageArguments & { readonly streamId: string },
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection> {
    const streamId = idOf(args.streamId, 'streamId');
    return this.page(`parked ${args.reader} ${streamId}`, args, info, streamId);
  }

  private async page(
    list: string,
    args: PageArguments,
    info: GraphQLResolveInfo,
    streamId?: string,
  ): Promise<Connection> {
    const desk = this.desk(args);
    const first = pageSize(args.first);
    const place = args.after
      ? decodeCursor<[string, number]>(args.after, { list, keys: cursorKeys })
      : undefined;
    const after = place && { source: place[0], position: place[1] };
    const events = await worded(desk.list(first + 1, after, streamId));
    const rows = events.map((event) => ({ keys: [event.source, event.position], node: told(event) }));
    const total = selects(info, 'totalCount') ? await worded(desk.count(streamId)) : undefined;
    return connection({ rows, ...(total !== undefined && { total }) }, { list, first, after: args.after });
  }

  @Mutation('retryParked')
  async retryParked(@Args() args: Of & { streamId: string; operator: string }): Promise<unknown> {
    const operator = textIn(args.operator, 'operator', 100);
    return outcome(await worded(this.desk(args).retry(idOf(args.streamId, 'streamId'), operator)));
  }

  @Mutation('dropParked')
  async dropParked(
    @Args() args: Of & { context: string; position: number; reason: string; operator: string },
  ): Promise<unknown> {
    const reason = textIn(args.reason, 'reason', 500);
    const operator = textIn(args.operator, 'operator', 100);
    const at = { source: contextIn(args.context), position: args.position };
    return outcome(await worded(this.desk(args).drop(at, reason, operator)));
  }

  private desk({ reader }: Of): ParkedDesk {
    return this.desks[readerSpelled(reader)];
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

/** @throws GraphQLError BAD_USER_INPUT when there is no such context */
function contextIn(name: string): string {
  const names = contexts.map(({ context }) => context);
  if (names.includes(name)) return name;
  throw badUserInput(
    {
      vi: `«context» là một trong: ${names.join(', ')}.`,
      en: `"context" is one of: ${names.join(', ')}.`,
    },
    'context',
  );
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
