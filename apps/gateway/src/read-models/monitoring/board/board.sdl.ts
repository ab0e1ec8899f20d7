import { standpointArguments } from '../../arguments.js';
import { connectionType } from '../../connection.js';
import { standingField } from './board-answer.js';
import { MOST_RETURNED } from './board.sql.js';
import { standings } from './standing.js';

const onArgument = `"""
    The day deadlines are judged on. Left out: today in Asia/Ho_Chi_Minh, or the day of asOf when that is given.
    """
    on: Date`;

export const boardSdl = `
"""
How an agency stands with an assignment.
"""
enum Standing {
  """
  The target is reached by verified activities; without a target, one is verified.
  """
  FULFILLED
  """
  Something is recorded.
  """
  UNDER_WAY
  NOT_STARTED
  """
  Not fulfilled, and a deadline that is a date or a year has passed.
  """
  LATE
  """
  Requested, and it has recorded something.
  """
  TAKING_PART
  """
  Requested, and it has recorded nothing: that is neither late nor missing.
  """
  INVITED
  COORDINATING
}

enum AssigneeRole {
  LEAD
  COORDINATOR
}

"""
What one agency has to do and did for one plan.
"""
type AgencyBoard {
  planId: ID!
  plan: PlanHeading
  agencyId: ID!
  agency: Agency
  on: Date!
  counts: ActivityCounts!
  standings: StandingCounts!
  """
  What the plan asks of the agency, in the order of the plan.
  """
  assignments: [BoardAssignment!]!
  """
  Waiting to be corrected, the latest returned first; at most ${MOST_RETURNED}.
  """
  returned: [Activity!]!
}

type BoardAssignment {
  assignment: Assignment!
  role: AssigneeRole!
  standing: Standing!
  """
  Verified activities of the agency for the content.
  """
  verified: Int!
  """
  What counts towards the target: verified activities, or their quantity when the target names a channel.
  """
  reached: Count!
  """
  When the agency confirmed that it has received the assignment.
  """
  acknowledgedAt: DateTime
}

"""
How many activities stand where.
"""
type ActivityCounts {
  drafted: Int!
  submitted: Int!
  returned: Int!
  verified: Int!
}

"""
How many assignments stand how.
"""
type StandingCounts {
${standings.map((standing) => `  ${standingField(standing)}: Int!`).join('\n')}
}

"""
How one agency stands with a plan, in numbers.
"""
type AgencyProgress {
  agencyId: ID!
  agency: Agency
  counts: ActivityCounts!
  standings: StandingCounts!
}
${connectionType('AgencyProgress')}
extend type Query {
  board(
    planId: ID!
    agencyId: ID!
    ${onArgument}
    ${standpointArguments}
  ): AgencyBoard
  """
  The agencies of a plan in Vietnamese alphabetical order: those it names, and those that did something for it.
  """
  planProgress(
    planId: ID!
    ${onArgument}
    """
    1 to 100. Left out: 20.
    """
    first: Int
    after: String
    ${standpointArguments}
  ): AgencyProgressConnection!
}
`;
