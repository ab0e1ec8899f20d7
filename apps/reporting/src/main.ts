import { FileStore } from '@loa/files';
import { runService } from '@loa/service';
import { z } from 'zod';
import { reportingContext } from './reporting.context.js';

await runService({
  name: 'reporting',
  // The folder, or mounted volume, that the gateway puts uploaded files into.
  settings: z.object({ LOA_FILES_FOLDER: z.string().min(1) }),
  define: ({ LOA_FILES_FOLDER }) => reportingContext(new FileStore({ folder: LOA_FILES_FOLDER })),
});
