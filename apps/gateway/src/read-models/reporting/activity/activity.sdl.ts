import { standpointArguments } from '../../arguments.js';
import { connectionType } from '../../connection.js';
import { activityFields, entryKinds } from './thread.js';

const enumLines = (names: readonly string[]): string => names.map((name) => `  ${name}`).join('\n');

/** `evidence-attached` → `EVIDENCE_ATTACHED` */
export const kindName = (kind: string): string => kind.toUpperCase().replaceAll('-', '_');

export const activitySdl = `
enum ActivityStatus {
  DRAFT
  """
  Handed in, waiting for verification.
  """
  SUBMITTED
  """
  Given back with a reason, to be corrected.
  """
  RETURNED
  """
  Confirmed: it counts.
  """
  VERIFIED
}

enum ActivityEntryKind {
${enumLines(entryKinds.map(kindName))}
}

enum ActivityField {
${enumLines(activityFields)}
}

"""
A communication activity that an agency carried out for a plan.
"""
type Activity {
  id: ID!
  agencyId: ID!
  agency: Agency
  planId: ID!
  plan: PlanHeading
  contentId: ID!
  content: PlanContent
  channelId: ID!
  channel: PlanChannel
  title: String!
  held: Period!
  """
  The period it is reported in: the one it ended in.
  """
  reportingPeriod: ReportingPeriod!
  place: String!
  """
  How many, in the unit of the channel.
  """
  quantity: Int!
  reach: [Reach!]!
  status: ActivityStatus!
  evidence: [Evidence!]!
  draftedAt: DateTime!
  """
  When it was handed in last.
  """
  submittedAt: DateTime
  verifiedAt: DateTime
  """
  Why it was given back, until it is handed in again.
  """
  returnReason: String
  """
  When the latest change was recorded.
  """
  recordedAt: DateTime!
  """
  Send it as expectedVersion to act on just this state.
  """
  version: Int!
  """
  Everything that happened to it, oldest first.
  """
  thread: [ActivityEntry!]!
}

"""
From and to, both included.
"""
type Period {
  from: DateTime!
  to: DateTime!
}

"""
Reports do not follow calendar months: a month runs from the 15th of the month before to its 14th, in Asia/Ho_Chi_Minh.
"""
type ReportingPeriod {
  """
  15/12 of the year before to 14/12.
  """
  year: Int!
  """
  e.g. 2022-Q2: 15/3 to 14/6.
  """
  quarter: String!
}

"""
How many people of one audience were reached.
"""
type Reach {
  audience: Audience!
  people: Int!
}

"""
What proves the activity: a link or an uploaded file.
"""
type Evidence {
  id: ID!
  title: String!
  link: String
  file: StoredFile
}

type StoredFile {
  """
  SHA-256 of the bytes, 64 hexadecimal digits.
  """
  sha256: String!
  bytes: Int!
  mediaType: String!
  name: String!
  """
  Where to get it, from the address of this API.
  """
  url: String!
}

"""
One thing that happened to an activity.
"""
type ActivityEntry {
  version: Int!
  kind: ActivityEntryKind!
  byAgencyId: ID!
  by: Agency
  """
  When it happened, as the sender said.
  """
  occurredAt: DateTime!
  """
  When the system took it in.
  """
  recordedAt: DateTime!
  reason: String
  changes: [ActivityChange!]!
}

"""
From what to what, in words; null: there was, or is, nothing. Times are dd/MM/yyyy HH:mm in Asia/Ho_Chi_Minh.
"""
type ActivityChange {
  field: ActivityField!
  from: String
  to: String
}
${connectionType('Activity')}
extend type Query {
  activity(
    id: ID!
    ${standpointArguments}
  ): Activity
  """
  Activities, the latest held first.
  """
  activities(
    planId: ID
    agencyId: ID
    contentId: ID
    channelId: ID
    status: ActivityStatus
    """
    Begun on that day in Asia/Ho_Chi_Minh, or later.
    """
    heldFrom: Date
    """
    Begun on that day in Asia/Ho_Chi_Minh, or earlier.
    """
    heldTo: Date
    """
    1 to 100. Left out: 20.
    """
    first: Int
    after: String
    ${standpointArguments}
  ): ActivityConnection!
}
`;
