import { decodeCursor, pageSize, selects } from '@loa/graphql';
import { Args, Info, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import { asOfIn, idOf, type Standpoint } from '../../arguments.js';
import { connection, type Connection, type ListAnswer } from '../../connection.js';
import { ReadDatabase } from '../../read-database.table.js';
import { plansSql, planSql, planTables } from './plan.sql.js';

export { planSdl } from './plan.sdl.js';

interface PlansArguments extends Standpoint {
  readonly year?: number | null;
  readonly status?: string | null;
  readonly first?: number | null;
  readonly after?: string | null;
}

const cursor = { list: 'plans', keys: z.tuple([z.int32(), z.iso.datetime({ offset: true }), z.uuid()]) };

/** A plan may hold hundreds of assignments: one answer must not carry tens of thousands of them. */
const MOST_WITH_ASSIGNMENTS = 10;

@Resolver()
export class PlanResolver {
  constructor(private readonly database: ReadDatabase) {}

  @Query('plan')
  plan(@Args() args: Standpoint & { id: string }, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    const { sql, values } = planSql(idOf(args.id, 'id'), (path) => selects(info, path));
    return this.database.one(sql, values, { asOf: asOfIn(args), tables: planTables });
  }

  @Query('plans')
  async plans(@Args() args: PlansArguments, @Info() info: GraphQLResolveInfo): Promise<Connection> {
    const wants = (path: string) => selects(info, `edges.node.${path}`);
    const first = pageSize(
      args.first,
      wants('assignments') ? { max: MOST_WITH_ASSIGNMENTS, fallback: 5 } : {},
    );
    const after = args.after ? decodeCursor<(string | number)[]>(args.after, cursor) : undefined;
    const { sql, values } = plansSql(
      { year: args.year ?? undefined, status: args.status?.toLowerCase() },
      { first, after, counted: selects(info, 'totalCount') },
      wants,
    );
    const answer = await this.database.one<ListAnswer>(sql, values, {
      asOf: asOfIn(args),
      tables: planTables,
    });
    return connection(answer ?? { rows: [] }, { list: cursor.list, first, after: args.after });
  }
}
