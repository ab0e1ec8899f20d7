import { AttachEvidence, EvidenceAttached } from '@loa/contracts-reporting';
import { accept, decision, refuse } from '@loa/event-sourcing';
import { isEditable, whyNotEditable, type Activity } from './activity.js';

/** Files that have arrived, by SHA-256. */
export type ArrivedFiles = ReadonlyMap<string, { readonly bytes: number }>;

export const attachEvidence = decision(
  AttachEvidence,
  { files: ({ file }) => (file ? [file.sha256] : []) },
  ({ agencyId, ...evidence }, activity: Activity, { files }: { files: ArrivedFiles }) => {
    if (!isEditable(activity, agencyId)) return refuse(whyNotEditable(activity, agencyId));
    if (activity.evidenceIds.includes(evidence.evidenceId)) {
      return refuse('evidence-exists', { field: 'evidenceId' });
    }
    if (evidence.file) {
      const arrived = files.get(evidence.file.sha256);
      if (!arrived) return refuse('file-not-uploaded', { field: 'file.sha256' });
      if (arrived.bytes !== evidence.file.bytes) {
        return refuse('file-differs', { field: 'file.bytes', details: { bytes: arrived.bytes } });
      }
    }
    return accept(EvidenceAttached(evidence));
  },
);
