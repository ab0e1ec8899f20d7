import { decodeCursor, encodeCursor, pageSize, selects, type CursorKeys } from '@loa/graphql';
import { Args, Info, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import { standpointArguments, asOfIn, idOf, idsOf, type Standpoint } from '../../arguments.js';
import { pageInfoOf } from '../../connection.js';
import { ReadDatabase } from '../../read-database.table.js';
import { coverageSql, coverageTables } from './coverage.sql.js';
import { totalsOf, type ActivityCounts } from '../activity-counts.js';

export const coverageSdl = `
"""
Which agency did how much for which content of a plan.
"""
type CoverageMatrix {
  planId: ID!
  """
  The contents asked for, all when none were chosen.
  """
  contents: [PlanContent!]!
  """
  Those of them that nobody has recorded any activity for.
  """
  contentsWithoutActivity: [PlanContent!]!
  """
  One page of agencies, in Vietnamese alphabetical order: those the plan names, and those that did something for it.
  """
  rows: [CoverageRow!]!
  pageInfo: PageInfo!
}

type CoverageRow {
  agencyId: ID!
  agency: Agency
  """
  A cell for every content that is assigned to the agency or that it did something for.
  """
  cells: [CoverageCell!]!
  """
  Over all of its cells.
  """
  drafted: Int!
  submitted: Int!
  returned: Int!
  verified: Int!
}

type CoverageCell {
  contentId: ID!
  """
  null: not assigned.
  """
  mode: AssignmentMode
  role: CoverageRole!
  drafted: Int!
  submitted: Int!
  returned: Int!
  verified: Int!
}

enum CoverageRole {
  LEAD
  COORDINATOR
  """
  The plan does not assign the content to the agency.
  """
  NONE
}

extend type Query {
  coverage(
    planId: ID!
    """
    Left out: all.
    """
    agencyIds: [ID!]
    """
    Left out: all.
    """
    contentIds: [ID!]
    """
    Agencies on a page, 1 to 100. Left out: 20.
    """
    first: Int
    after: String
    ${standpointArguments}
  ): CoverageMatrix
}
`;

interface CoverageArguments extends Standpoint {
  readonly planId: string;
  readonly agencyIds?: readonly string[] | null;
  readonly contentIds?: readonly string[] | null;
  readonly first?: number | null;
  readonly after?: string | null;
}

interface Answer {
  readonly rows: readonly {
    readonly keys: CursorKeys;
    readonly node: { readonly cells: readonly ActivityCounts[] };
  }[];
}

const cursor = { list: 'coverage', keys: z.tuple([z.string(), z.uuid()]) };

@Resolver()
export class CoverageResolver {
  constructor(private readonly database: ReadDatabase) {}

  @Query('coverage')
  async coverage(@Args() args: CoverageArguments, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    const first = pageSize(args.first);
    const after = args.after ? decodeCursor<string[]>(args.after, cursor) : undefined;
    const { sql, values } = coverageSql(
      {
        planId: idOf(args.planId, 'planId'),
        agencyIds: idsOf(args.agencyIds, 'agencyIds'),
        contentIds: idsOf(args.contentIds, 'contentIds'),
      },
      { first, after, counted: false },
      (path) => selects(info, path),
    );
    const answer = await this.database.one<Answer>(sql, values, {
      asOf: asOfIn(args),
      tables: coverageTables,
    });
    if (!answer) return null;
    const page = answer.rows.slice(0, first);
    const cursors = page.map(({ keys }) => ({ cursor: encodeCursor(keys, cursor.list) }));
    return {
      ...answer,
      rows: page.map(({ node }) => ({ ...node, ...totalsOf(node.cells) })),
      pageInfo: pageInfoOf(cursors, answer.rows.length > first, { after: args.after }),
    };
  }
}
