import type { MembersContent } from '@latchkey/shared';
import { createRouter, memberProcedure } from '../procedures/trpc.ts';
import { listSections } from './members-sections.ts';

const list = memberProcedure.query(async ({ ctx }): Promise<MembersContent> => {
  const { items } = await listSections(ctx.deps.site, ctx.live.user.roles);
  return { items };
});

export const secretsRouter = createRouter({ list });
