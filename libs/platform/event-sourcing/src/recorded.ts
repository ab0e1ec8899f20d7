/** A stored fact, as readers get it. */
export interface RecordedEvent<Data = unknown> {
  readonly type: string;
  readonly name: string;
  /** The version it was written in; `data` has been brought up to the newest. */
  readonly schemaVersion: number;
  readonly data: Data;
  readonly streamId: string;
  /** 1, 2, 3… within the stream. */
  readonly version: number;
  /** Dense within the context: 1, 2, 3… in commit order. */
  readonly position: number;
  readonly eventId: string;
  /** When it happened, as the sender says; RFC 3339 UTC. */
  readonly occurredAt: string;
  /** When the store took it in; RFC 3339 UTC, never goes back within a context. */
  readonly recordedAt: string;
}

/** The name part of a wire type: `reporting.ActivitySubmitted` → `ActivitySubmitted`. */
export const nameOf = (type: string): string => type.slice(type.indexOf('.') + 1);
