/** SDL of the drift checks; everybody may read them. */
export const driftSdl = `
"""
All that is shown was made anew from the recorded facts and compared with what is shown, row by row, past states too.
"""
type DriftCheck {
  checkedAt: DateTime!
  """
  How far the facts of each context were taken in, by both sides.
  """
  positions: [DriftPosition!]!
  """
  Rows compared.
  """
  rows: Count!
  """
  Rows that were altered, are missing, or are too many. 0: what is shown is what the facts give.
  """
  differences: Count!
  """
  Events that neither side shows: parked, dropped by an operator, or of a type that was not known. null: a check of an
  earlier release, which did not count them.
  """
  leftOut: Count
  tables: [DriftTable!]!
  """
  Some of the rows that differ: keys and names of columns, no values.
  """
  examples: [DriftExample!]!
  seconds: Float!
  """
  Names the build that made the rows anew.
  """
  code: String!
  """
  The result in one sentence. Left out: the language the request prefers.
  """
  message(lang: Lang): String!
}

type DriftPosition {
  context: String!
  position: Position!
}

type DriftTable {
  """
  A read table, or its past states.
  """
  table: String!
  rows: Count!
  differences: Count!
}

enum DriftKind {
  """
  The facts give the row, and it is not shown.
  """
  MISSING
  """
  The row is shown, and no fact gives it.
  """
  EXTRA
  ALTERED
}

type DriftExample {
  table: String!
  kind: DriftKind!
  """
  The key of the row, as JSON.
  """
  key: String!
  columns: [String!]!
}

extend type Query {
  """
  Newest first.
  """
  driftChecks(
    """
    1 to 100. Left out: 20.
    """
    first: Int
  ): [DriftCheck!]!
}
`;
