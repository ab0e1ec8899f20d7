import { runService } from '@loa/service';
import { z } from 'zod';
import { planningContext } from './planning.context.js';

await runService({ name: 'planning', settings: z.object({}), define: () => planningContext });
