import { createRouter, memberProcedure } from '../trpc.ts';
import { listActivities } from './list-activities.ts';

const list = memberProcedure.query(({ ctx }) =>
  listActivities(ctx.deps.database, ctx.live.user.id),
);

export const activityRouter = createRouter({ list });
