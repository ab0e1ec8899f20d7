/** What the story asks, and the parts of the answers it looks at. */
export interface PlanAnswer {
  readonly status: string;
  readonly contents: readonly { readonly illustrative: boolean }[];
  readonly assignments: readonly {
    readonly id: string;
    readonly mode: string;
    readonly deadline: { readonly kind: string };
    readonly leads: readonly { readonly agencyId: string; readonly acknowledgedAt: string | null }[];
  }[];
}

export const planQuery = `query ($id: ID!, $asOf: DateTime) { plan(id: $id, asOf: $asOf) {
  status number symbol issuedOn title issuer { name } standingAgency { name } provenance { source author }
  contents { title illustrative }
  assignments { id mode deadline { kind date text } leads { agencyId acknowledgedAt } }
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

export interface Figures {
  readonly indicator: {
    readonly value: number;
    readonly achieved: string | null;
    readonly activityCount: number;
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
  readonly board: {
    readonly counts: { readonly verified: number; readonly submitted: number };
    readonly assignments: readonly { readonly standing: string }[];
  };
}

export const figuresQuery = `query ($indicatorId: ID!, $planId: ID!, $agencyId: ID!) {
  indicator(id: $indicatorId) { name target value achieved activityCount }
  coverage(planId: $planId, agencyIds: [$agencyId]) { rows { agencyId cells { contentId verified submitted } } }
  board(planId: $planId, agencyId: $agencyId) { counts { drafted submitted returned verified } assignments { standing } }
}`;
