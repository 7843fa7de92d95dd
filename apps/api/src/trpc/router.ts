import { accountRouter } from '../account/router.ts';
import { activityRouter } from '../account/activity-router.ts';
import { articlesRouter } from '../articles/router.ts';
import { authRouter } from '../auth/router.ts';
import { factorsRouter } from '../factors/router.ts';
import { emailConfirmationsRouter } from '../email-confirmations/router.ts';
import { feedRouter } from '../feed/router.ts';
import { operatorRouter } from '../operator/router.ts';
import { oidcRouter } from '../oidc/router.ts';
import { passkeysRouter } from '../passkeys/router.ts';
import { passwordResetsRouter } from '../password-resets/router.ts';
import { secureAccountRouter } from '../secure-account/router.ts';
import { secretsRouter } from '../secrets/router.ts';
import { sessionsRouter } from '../account/sessions-router.ts';
import { createRouter, mergeRouters } from '../procedures/trpc.ts';

export const appRouter = createRouter({
  account: accountRouter,
  activity: activityRouter,
  articles: articlesRouter,
  factors: factorsRouter,
  auth: mergeRouters(
    authRouter,
    emailConfirmationsRouter,
    passwordResetsRouter,
    secureAccountRouter,
  ),
  feed: feedRouter,
  operator: operatorRouter,
  oidc: oidcRouter,
  passkeys: passkeysRouter,
  secrets: secretsRouter,
  sessions: sessionsRouter,
});
export type AppRouter = typeof appRouter;
