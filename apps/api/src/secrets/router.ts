import { MEMBERS_CONTENT_PATH, membersContent } from '@latchkey/shared';
import { createRouter, memberProcedure } from '../trpc.ts';

const list = memberProcedure.query(async ({ ctx }) => {
  const text = await ctx.deps.site.readText(MEMBERS_CONTENT_PATH);
  return membersContent.parse(JSON.parse(text));
});

export const secretsRouter = createRouter({ list });
