import { figuresInput } from '@latchkey/shared';
import { findFigures } from '../figures/find-figures.ts';
import { provenProcedure } from './proven-procedure.ts';

const health = provenProcedure.query(({ ctx }) => ctx.deps.checkUp());

/** What this process has counted since it last wrote is in it; of others some seconds may be missing. */
const figures = provenProcedure.input(figuresInput).query(async ({ ctx, input }) => {
  await ctx.deps.figures.flush();
  return findFigures(ctx.deps.database, input.days);
});

/** How the site does, now and over time. */
export const siteState = { health, figures };
