/** An event was set aside; `error` undefined: it only stands behind one that failed. */
export interface ParkedNotice {
  readonly kind: 'parked';
  readonly source: string;
  readonly position: number;
  readonly streamId: string;
  readonly type: string;
  readonly error: string | undefined;
}

/** An event has a type that no contract of its context declares. */
export interface UnknownTypeNotice {
  readonly kind: 'unknown-type';
  readonly source: string;
  readonly type: string;
  /** Of the first such event that this process has met. */
  readonly position: number;
}

/** What operators should hear of. */
export type ProjectorNotice = ParkedNotice | UnknownTypeNotice;

/** A notice as a line for the log. */
export function noticeWords(notice: ProjectorNotice): string {
  const { source, position, type } = notice;
  const which = `${source} position ${position} (${type})`;
  if (notice.kind === 'unknown-type')
    return (
      `${which}: no contract that this build knows declares such an event, so no row shows it. A newer release has ` +
      'written it: bring this process up to it, and make its rows anew. Told once a type; `loa status` says how many there are'
    );
  const why = notice.error ?? 'an earlier event of its stream is parked';
  return `${which} is parked, stream ${notice.streamId}: ${why}. Mend what failed, then retry the stream, or drop the event`;
}
