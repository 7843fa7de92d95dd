import { MEMBERS_CONTENT_PATH, membersContent, type MembersContent } from '@latchkey/shared';
import { createRouter, memberProcedure } from '../procedures/trpc.ts';

const list = memberProcedure.query(async ({ ctx }): Promise<MembersContent> => {
  const text = await ctx.deps.site.readText(MEMBERS_CONTENT_PATH);
  return text === null ? { items: [] } : membersContent.parse(JSON.parse(text));
});

export const secretsRouter = createRouter({ list });
