import { FileStore } from '@loa/files';
import { runService } from '@loa/service';
import { ReportingSettings } from './config.js';
import { reportingContext } from './reporting.context.js';

await runService({
  name: 'reporting',
  settings: ReportingSettings,
  define: ({ LOA_FILES_FOLDER }) => reportingContext(new FileStore({ folder: LOA_FILES_FOLDER })),
});
