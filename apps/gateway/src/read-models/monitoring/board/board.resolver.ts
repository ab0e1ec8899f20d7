import { decodeCursor, pageSize, selects } from '@loa/graphql';
import { Inject } from '@nestjs/common';
import { Args, Info, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import { asOfIn, dayIn, idOf, type Standpoint } from '../../arguments.js';
import { CLOCK, type Clock } from '../../clock.js';
import { connection, type Connection, type ListAnswer } from '../../connection.js';
import { programmeDay } from '../../programme-day.js';
import { ReadDatabase } from '../../read-database.table.js';
import { boardOf, progressOf, type AgencyFacts, type BoardFacts } from './board-answer.js';
import { boardSql, boardTables, progressSql } from './board.sql.js';

export { boardSdl } from './board.sdl.js';

interface BoardArguments extends Standpoint {
  readonly planId: string;
  readonly agencyId: string;
  readonly on?: string | null;
}

interface ProgressArguments extends Standpoint {
  readonly planId: string;
  readonly on?: string | null;
  readonly first?: number | null;
  readonly after?: string | null;
}

const cursor = { list: 'progress', keys: z.tuple([z.string(), z.uuid()]) };

@Resolver()
export class BoardResolver {
  constructor(
    private readonly database: ReadDatabase,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  @Query('board')
  async board(@Args() args: BoardArguments, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    const { sql, values } = boardSql(idOf(args.planId, 'planId'), idOf(args.agencyId, 'agencyId'), (path) =>
      selects(info, path),
    );
    const on = this.dayOf(args);
    const facts = await this.database.one<BoardFacts>(sql, values, {
      asOf: asOfIn(args),
      tables: boardTables,
    });
    return facts && boardOf(facts, on);
  }

  @Query('planProgress')
  async planProgress(@Args() args: ProgressArguments, @Info() info: GraphQLResolveInfo): Promise<Connection> {
    const first = pageSize(args.first);
    const after = args.after ? decodeCursor<string[]>(args.after, cursor) : undefined;
    const { sql, values } = progressSql(
      idOf(args.planId, 'planId'),
      { first, after, counted: selects(info, 'totalCount') },
      (path) => selects(info, `edges.node.${path}`),
    );
    const on = this.dayOf(args);
    const answer = await this.database.one<ListAnswer<AgencyFacts>>(sql, values, {
      asOf: asOfIn(args),
      tables: boardTables,
    });
    const rows = (answer?.rows ?? []).map(({ keys, node }) => ({ keys, node: progressOf(node, on) }));
    return connection({ ...answer, rows }, { list: cursor.list, first, after: args.after });
  }

  private dayOf(args: Standpoint & { readonly on?: string | null }): string {
    return dayIn(args.on, 'on') ?? programmeDay(asOfIn(args) ?? this.now());
  }
}
