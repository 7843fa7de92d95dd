import { startOidcInput, unlinkOidcInput, type OidcStatus } from '@latchkey/shared';
import { demandFullProof } from '../auth/demand-proof.ts';
import { demandAllowance } from '../http/demand-allowance.ts';
import { listIdentities, toLinkedAccount } from '../identities/oidc-identity.ts';
import { createRouter, memberProcedure } from '../procedures/trpc.ts';
import { unlinkAccount } from './link-account.ts';
import { beginVisit, demandProvider, linkVisit } from './visit.ts';

const status = memberProcedure.query(async ({ ctx }): Promise<OidcStatus> => {
  const { label } = demandProvider(ctx);
  const identities = await listIdentities(ctx.deps.database, ctx.live.user.id);
  return { label, accounts: identities.map(toLinkedAccount) };
});

/** Begins a visit to the provider; the browser then opens the address. */
const start = memberProcedure.input(startOidcInput).mutation(async ({ ctx, input }) => {
  demandProvider(ctx);
  const { purpose } = input;
  if (purpose === 'link') await demandFullProof(ctx, input);
  await demandAllowance(ctx, ctx.deps.oidcLimits, 'oidc');
  const { state } = await beginVisit(ctx, { purpose });
  return { address: linkVisit(state) };
});

const unlink = memberProcedure.input(unlinkOidcInput).mutation(async ({ ctx, input }) => {
  await demandFullProof(ctx, input);
  await unlinkAccount(ctx, input.id);
  return {};
});

export const oidcRouter = createRouter({ status, start, unlink });
