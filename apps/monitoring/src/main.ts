import { runService } from '@loa/service';
import { z } from 'zod';
import { monitoringContext } from './monitoring.context.js';

await runService({ name: 'monitoring', settings: z.object({}), define: () => monitoringContext });
