import { decodeCursor, pageSize, selects } from '@loa/graphql';
import { Args, Info, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import { standpointArguments, asOfIn, idOf, optionalId, type Standpoint } from '../../arguments.js';
import { connection, connectionType, type Connection, type ListAnswer } from '../../connection.js';
import { ReadDatabase } from '../../read-database.table.js';
import { agenciesSql, agencySql, agencyTables } from './agency.sql.js';
import { searchOf } from './folding.js';

export const agencySdl = `
"""
A body of the directory: state agency, Party body, Front, press.
"""
type Agency {
  id: ID!
  name: String!
  kind: AgencyKind!
  level: AgencyLevel!
  """
  Code of the administrative unit (General Statistics Office): 2, 3 or 5 digits.
  """
  gsoCode: String
  parentId: ID
  parent: AgencyName
  registeredAt: DateTime!
  recordedAt: DateTime!
  """
  Send it as expectedVersion to act on just this state.
  """
  version: Int!
}

type AgencyName {
  id: ID!
  name: String!
}
${connectionType('Agency')}
extend type Query {
  agency(
    id: ID!
    ${standpointArguments}
  ): Agency
  """
  The directory, in Vietnamese alphabetical order.
  """
  agencies(
    kind: AgencyKind
    level: AgencyLevel
    parentId: ID
    """
    Words of the name, or the code. "uy ban", "Ủy ban" and "Uỷ ban" find the same; names that are spelled as
    searched come first.
    """
    search: String
    """
    1 to 100. Left out: 20.
    """
    first: Int
    after: String
    ${standpointArguments}
  ): AgencyConnection!
}
`;

interface AgenciesArguments extends Standpoint {
  readonly kind?: string | null;
  readonly level?: string | null;
  readonly parentId?: string | null;
  readonly search?: string | null;
  readonly first?: number | null;
  readonly after?: string | null;
}

const byName = { list: 'agencies', keys: z.tuple([z.string(), z.uuid()]) };
const byRank = { list: 'agencies-found', keys: z.tuple([z.int32(), z.string(), z.uuid()]) };

@Resolver()
export class AgencyResolver {
  constructor(private readonly database: ReadDatabase) {}

  @Query('agency')
  agency(@Args() args: Standpoint & { id: string }, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    const { sql, values } = agencySql(idOf(args.id, 'id'), (path) => selects(info, path));
    return this.database.one(sql, values, { asOf: asOfIn(args), tables: agencyTables });
  }

  @Query('agencies')
  async agencies(@Args() args: AgenciesArguments, @Info() info: GraphQLResolveInfo): Promise<Connection> {
    const first = pageSize(args.first);
    const search = searchOf(args.search);
    const { list, keys } = search === undefined ? byName : byRank;
    const after = args.after ? decodeCursor<(string | number)[]>(args.after, { list, keys }) : undefined;
    const { sql, values } = agenciesSql(
      {
        kind: args.kind ?? undefined,
        level: args.level ?? undefined,
        parentId: optionalId(args.parentId, 'parentId'),
        search,
      },
      { first, after, counted: selects(info, 'totalCount') },
      (path) => selects(info, `edges.node.${path}`),
    );
    const answer = await this.database.one<ListAnswer>(sql, values, {
      asOf: asOfIn(args),
      tables: agencyTables,
    });
    return connection(answer ?? { rows: [] }, { list, first, after: args.after });
  }
}
