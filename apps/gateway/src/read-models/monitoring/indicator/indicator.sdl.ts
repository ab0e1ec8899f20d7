import { standpointArguments } from '../../arguments.js';
import { connectionType } from '../../connection.js';

export const indicatorSdl = `
"""
What is measured over the verified activities of a plan.
"""
type Indicator {
  id: ID!
  planId: ID!
  definedById: ID!
  definedBy: Agency
  name: String!
  unit: String!
  measure: Measure!
  """
  Which contents count; empty: all.
  """
  contents: [PlanContent!]!
  """
  Which channels count; empty: all.
  """
  channels: [PlanChannel!]!
  """
  Which agencies count; empty: all.
  """
  agencies: [Agency!]!
  """
  For measure REACH, which audiences count; empty: all.
  """
  audiences: [Audience!]!
  target: Int!
  """
  The target and every one before it, oldest first.
  """
  revisions: [TargetRevision!]!
  """
  Added up over the verified activities.
  """
  value: Count!
  """
  How many verified activities make up the value.
  """
  activityCount: Count!
  """
  value / target to four places, e.g. "0.7500"; null when the target is 0.
  """
  achieved: Decimal
  definedAt: DateTime!
  recordedAt: DateTime!
  """
  Send it as expectedVersion to act on just this state.
  """
  version: Int!
}

type TargetRevision {
  version: Int!
  target: Int!
  """
  Why it was changed; null: the first target.
  """
  reason: String
  occurredAt: DateTime!
  recordedAt: DateTime!
}

"""
What one activity gives to the value of an indicator.
"""
type Contribution {
  amount: Count!
  activity: Activity!
}
${connectionType('Indicator')}
${connectionType('Contribution')}
extend type Query {
  indicator(
    id: ID!
    ${standpointArguments}
  ): Indicator
  """
  The indicators of a plan, in the order in which they were defined.
  """
  indicators(
    planId: ID!
    """
    1 to 100. Left out: 20.
    """
    first: Int
    after: String
    ${standpointArguments}
  ): IndicatorConnection!
  """
  Why is the value what it is: the activities that make it up, the latest held first.
  """
  indicatorContributions(
    indicatorId: ID!
    """
    1 to 100. Left out: 20.
    """
    first: Int
    after: String
    ${standpointArguments}
  ): ContributionConnection!
}
`;
