import { decodeCursor, pageSize, selects } from '@loa/graphql';
import { Args, Info, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { asOfIn, dayIn, idOf, optionalId, type Standpoint } from '../../arguments.js';
import { connection, type Connection, type ListAnswer } from '../../connection.js';
import { ReadDatabase } from '../../read-database.table.js';
import { toldActivity } from './activity-answer.js';
import { activityCursorKeys } from './activity-cursor.js';
import { activitiesSql, activitySql, activityTables, type ActivityFilter } from './activity.sql.js';

export { activitySdl } from './activity.sdl.js';

interface ActivitiesArguments extends Standpoint {
  readonly planId?: string | null;
  readonly agencyId?: string | null;
  readonly contentId?: string | null;
  readonly channelId?: string | null;
  readonly status?: string | null;
  readonly heldFrom?: string | null;
  readonly heldTo?: string | null;
  readonly first?: number | null;
  readonly after?: string | null;
}

const cursor = { list: 'activities', keys: activityCursorKeys };

@Resolver()
export class ActivityResolver {
  constructor(private readonly database: ReadDatabase) {}

  @Query('activity')
  async activity(
    @Args() args: Standpoint & { id: string },
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const { sql, values } = activitySql(idOf(args.id, 'id'), (path) => selects(info, path));
    const answer = await this.database.one<object>(sql, values, {
      asOf: asOfIn(args),
      tables: activityTables,
    });
    return answer && toldActivity(answer);
  }

  @Query('activities')
  async activities(@Args() args: ActivitiesArguments, @Info() info: GraphQLResolveInfo): Promise<Connection> {
    const first = pageSize(args.first);
    const after = args.after ? decodeCursor<string[]>(args.after, cursor) : undefined;
    const { sql, values } = activitiesSql(
      filterIn(args),
      { first, after, counted: selects(info, 'totalCount') },
      (path) => selects(info, `edges.node.${path}`),
    );
    const answer = await this.database.one<ListAnswer>(sql, values, {
      asOf: asOfIn(args),
      tables: activityTables,
    });
    const rows = (answer?.rows ?? []).map(({ keys, node }) => ({ keys, node: toldActivity(node) }));
    return connection({ ...answer, rows }, { list: cursor.list, first, after: args.after });
  }
}

const filterIn = (args: ActivitiesArguments): ActivityFilter => ({
  planId: optionalId(args.planId, 'planId'),
  agencyId: optionalId(args.agencyId, 'agencyId'),
  contentId: optionalId(args.contentId, 'contentId'),
  channelId: optionalId(args.channelId, 'channelId'),
  status: args.status?.toLowerCase(),
  heldFrom: dayIn(args.heldFrom, 'heldFrom'),
  heldTo: dayIn(args.heldTo, 'heldTo'),
});
