import { articlesRouter } from './articles/router.ts';
import { authRouter } from './auth/router.ts';
import { secretsRouter } from './secrets/router.ts';
import { createRouter } from './trpc.ts';

export const appRouter = createRouter({
  articles: articlesRouter,
  auth: authRouter,
  secrets: secretsRouter,
});
export type AppRouter = typeof appRouter;
