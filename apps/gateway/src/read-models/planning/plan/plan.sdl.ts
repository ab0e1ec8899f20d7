import { standpointArguments } from '../../arguments.js';
import { connectionType } from '../../connection.js';

export const planSdl = `
enum PlanStatus {
  DRAFT
  """
  It has a number and binds the agencies it assigns.
  """
  ISSUED
}

"""
A communication plan (kế hoạch).
"""
type Plan {
  id: ID!
  status: PlanStatus!
  number: String
  """
  Type and issuer code, e.g. KH-UBND.
  """
  symbol: String
  issuedOn: Date
  title: String!
  """
  The year the plan is for.
  """
  year: Int!
  purposes: [String!]!
  requirements: [String!]!
  provenance: Provenance
  issuerId: ID!
  issuer: Agency
  standingAgencyId: ID!
  """
  It drafts the plan, follows it and verifies reports.
  """
  standingAgency: Agency
  contents: [PlanContent!]!
  channels: [PlanChannel!]!
  assignments: [Assignment!]!
  draftedAt: DateTime!
  issuedAt: DateTime
  """
  When the latest change was recorded.
  """
  recordedAt: DateTime!
  """
  Send it as expectedVersion to act on just this state.
  """
  version: Int!
}

"""
What is said of a plan beside something else.
"""
type PlanHeading {
  id: ID!
  title: String!
  year: Int!
  status: PlanStatus!
  number: String
  symbol: String
  issuedOn: Date
}

"""
Where the text of a plan comes from.
"""
type Provenance {
  source: String!
  author: String
  link: String
  note: String
}

"""
A content (nội dung) that the plan wants communicated.
"""
type PlanContent {
  id: ID!
  ordinal: Int!
  title: String!
  """
  True (minh họa) when the text is an example and not quoted from the plan.
  """
  illustrative: Boolean!
}

"""
A channel or form (hình thức) of communication, with the unit it is counted in.
"""
type PlanChannel {
  id: ID!
  ordinal: Int!
  name: String!
  unit: String!
}

"""
A content assigned to agencies, or requested of them.
"""
type Assignment {
  id: ID!
  contentId: ID!
  content: PlanContent
  mode: AssignmentMode!
  leads: [Assignee!]!
  coordinators: [Assignee!]!
  deadline: Deadline!
  target: Target
  """
  Expected product (sản phẩm dự kiến).
  """
  output: String
  """
  The assignees as the plan words them, e.g. UBND cấp xã.
  """
  asWritten: String
}

type Assignee {
  agencyId: ID!
  agency: Agency
  """
  When the agency confirmed that it has received the assignment.
  """
  acknowledgedAt: DateTime
}

type Deadline {
  kind: DeadlineKind!
  date: Date
  year: Int
  """
  As the plan words it.
  """
  text: String
}

"""
How much is expected of each lead agency.
"""
type Target {
  quantity: Int!
  channelId: ID
  """
  When given, the quantity is in its unit; when not, it counts activities.
  """
  channel: PlanChannel
  text: String
}
${connectionType('Plan')}
extend type Query {
  plan(
    id: ID!
    ${standpointArguments}
  ): Plan
  """
  Plans, the latest year and draft first.
  """
  plans(
    year: Int
    status: PlanStatus
    """
    1 to 100, left out: 20; with assignments 1 to 10, left out: 5.
    """
    first: Int
    after: String
    ${standpointArguments}
  ): PlanConnection!
}
`;
