/** What the story asks, and the parts of the answers it looks at by name. */
export interface PlanAnswer {
  readonly status: string;
  readonly number: string | null;
  readonly assignments: readonly {
    readonly id: string;
    readonly leads: readonly { readonly agencyId: string; readonly acknowledgedAt: string | null }[];
  }[];
}

export const planQuery = `query ($id: ID!, $asOf: DateTime) { plan(id: $id, asOf: $asOf) {
  status number symbol issuedOn title year purposes requirements
  issuer { name } standingAgency { name } provenance { source author note }
  contents { id ordinal title illustrative }
  channels { id ordinal name unit }
  assignments {
    id contentId mode deadline { kind date year text } target { quantity channelId text } output asWritten
    leads { agencyId acknowledgedAt } coordinators { agencyId }
  }
} }`;

export interface ActivityAnswer {
  readonly status: string;
  readonly version: number;
  readonly reach: readonly { readonly audience: string; readonly people: number }[];
  readonly evidence: readonly { readonly file: { readonly bytes: number } | null }[];
  readonly thread: readonly {
    readonly kind: string;
    readonly recordedAt: string;
    readonly reason: string | null;
    readonly changes: readonly {
      readonly field: string;
      readonly from: string | null;
      readonly to: string | null;
    }[];
  }[];
}

export const activityQuery = `query ($id: ID!, $asOf: DateTime) { activity(id: $id, asOf: $asOf) {
  status version title reach { audience people } evidence { title link file { sha256 bytes url } }
  thread { version kind occurredAt recordedAt reason changes { field from to } }
} }`;

interface Measured {
  readonly value: number;
  readonly achieved: string | null;
  readonly activityCount: number;
}

interface BoardAnswer {
  readonly counts: Readonly<Record<'drafted' | 'submitted' | 'returned' | 'verified', number>>;
  readonly assignments: readonly { readonly standing: string }[];
}

export interface Figures {
  readonly people: Measured;
  readonly activities: Measured;
  readonly why: {
    readonly totalCount: number;
    readonly edges: readonly { readonly node: { readonly activity: { readonly id: string } } }[];
  };
  readonly coverage: {
    readonly rows: readonly {
      readonly agencyId: string;
      readonly cells: readonly {
        readonly contentId: string;
        readonly verified: number;
        readonly submitted: number;
      }[];
    }[];
  };
  readonly board: BoardAnswer;
}

/** What follows from verifications: an indicator of people, one of activities, the matrix and a board. */
export const figuresQuery = `query ($people: ID!, $activities: ID!, $planId: ID!, $agencyId: ID!) {
  people: indicator(id: $people) { value achieved activityCount }
  activities: indicator(id: $activities) { value achieved activityCount }
  why: indicatorContributions(indicatorId: $activities) { totalCount edges { node { activity { id } } } }
  coverage(planId: $planId, agencyIds: [$agencyId]) { rows { agencyId cells { contentId verified submitted } } }
  board(planId: $planId, agencyId: $agencyId) { counts { drafted submitted returned verified } assignments { standing } }
}`;

export interface OwingNothing {
  readonly board: BoardAnswer;
}

export const boardOnQuery = `query ($planId: ID!, $agencyId: ID!) { board(planId: $planId, agencyId: $agencyId, on: "2023-12-31") {
  assignments { standing assignment { mode } } counts { drafted submitted returned verified }
} }`;
