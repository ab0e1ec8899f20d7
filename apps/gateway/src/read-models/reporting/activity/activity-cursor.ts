import { z } from 'zod';

/** Sort keys of lists of activities: when it was held, id. */
export const activityCursorKeys = z.tuple([z.iso.datetime({ offset: true }), z.uuid()]);
