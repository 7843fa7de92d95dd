import { authRouter } from './auth/router.ts';
import { secretsRouter } from './secrets/router.ts';
import { createRouter } from './trpc.ts';

export const appRouter = createRouter({ auth: authRouter, secrets: secretsRouter });
export type AppRouter = typeof appRouter;
