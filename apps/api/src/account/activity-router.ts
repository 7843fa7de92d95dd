import { listPageInput } from '@latchkey/shared';
import { createRouter, memberProcedure } from '../procedures/trpc.ts';
import { listActivities } from '../activity/list-activities.ts';

const list = memberProcedure
  .input(listPageInput)
  .query(({ ctx, input }) => listActivities(ctx.deps.database, ctx.live.user.id, input));

export const activityRouter = createRouter({ list });
