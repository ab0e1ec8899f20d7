import { decodeCursor, pageSize, selects } from '@loa/graphql';
import { Args, Info, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import { asOfIn, idOf, type Standpoint } from '../../arguments.js';
import { connection, type Connection, type ListAnswer } from '../../connection.js';
import { ReadDatabase } from '../../read-database.table.js';
import { toldActivity } from '../../reporting/activity/activity-answer.js';
import { activityCursorKeys } from '../../reporting/activity/activity-cursor.js';
import { contributionsSql, indicatorSql, indicatorsSql, indicatorTables } from './indicator.sql.js';

export { indicatorSdl } from './indicator.sdl.js';

interface PageArguments extends Standpoint {
  readonly first?: number | null;
  readonly after?: string | null;
}

interface ContributionRow {
  readonly activity?: unknown;
}

const cursor = { list: 'contributions', keys: activityCursorKeys };
const ofPlan = { list: 'indicators', keys: z.tuple([z.iso.datetime({ offset: true }), z.uuid()]) };

@Resolver()
export class IndicatorResolver {
  constructor(private readonly database: ReadDatabase) {}

  @Query('indicator')
  indicator(@Args() args: Standpoint & { id: string }, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    const { sql, values } = indicatorSql(idOf(args.id, 'id'), (path) => selects(info, path));
    return this.database.one(sql, values, { asOf: asOfIn(args), tables: indicatorTables });
  }

  @Query('indicators')
  async indicators(
    @Args() args: PageArguments & { readonly planId: string },
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection> {
    const first = pageSize(args.first);
    const after = args.after ? decodeCursor<string[]>(args.after, ofPlan) : undefined;
    const { sql, values } = indicatorsSql(
      idOf(args.planId, 'planId'),
      { first, after, counted: selects(info, 'totalCount') },
      (path) => selects(info, `edges.node.${path}`),
    );
    const answer = await this.database.one<ListAnswer>(sql, values, {
      asOf: asOfIn(args),
      tables: indicatorTables,
    });
    return connection({ rows: [], ...answer }, { list: ofPlan.list, first, after: args.after });
  }

  @Query('indicatorContributions')
  async contributions(
    @Args() args: PageArguments & { readonly indicatorId: string },
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection> {
    const first = pageSize(args.first);
    const after = args.after ? decodeCursor<string[]>(args.after, cursor) : undefined;
    const { sql, values } = contributionsSql(
      idOf(args.indicatorId, 'indicatorId'),
      { first, after, counted: selects(info, 'totalCount') },
      (path) => selects(info, `edges.node.${path}`),
    );
    const answer = await this.database.one<ListAnswer<ContributionRow>>(sql, values, {
      asOf: asOfIn(args),
      tables: indicatorTables,
    });
    const rows = (answer?.rows ?? []).map(({ keys, node }) => ({
      keys,
      node: { ...node, activity: toldActivity(node.activity) },
    }));
    return connection({ ...answer, rows }, { list: cursor.list, first, after: args.after });
  }
}
