import { z } from 'zod';

/** Settings of this service, besides those of every service. */
export const ReportingSettings = z.object({
  /** The folder, or mounted volume, that the gateway puts uploaded files into. */
  LOA_FILES_FOLDER: z.string().min(1),
});
