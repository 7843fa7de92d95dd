import { ACT_EVENT } from '../acts/log-act.ts';
import { cleanAddress } from '../addresses/client-address.ts';
import { demandFullProof, type MemberContext } from '../auth/demand-proof.ts';
import { Refusal } from '../http/refusal.ts';
import { operatorProcedure } from '../procedures/trpc.ts';

/** For operators whose last full proof is not older than five minutes, whatever they read or do. */
export const provenProcedure = operatorProcedure.use(async ({ ctx, next }) => {
  await demandFullProof(ctx, {});
  return next();
});

/** Where a signed-in operator acts: the security log says who did it, and from where. */
export const openActs = ({ deps, live, request }: MemberContext) => ({
  database: deps.database,
  settings: deps.settings,
  operator: { id: live.user.id, address: cleanAddress(request.ip) },
});

/**
 * Tells of an act in the program's log and the metrics. Its rows of the security log were written with it,
 * in one transaction.
 */
export function tellAct({ deps, live, request }: MemberContext, outcome: string): void {
  const details = { address: cleanAddress(request.ip), userId: live.user.id, outcome };
  deps.metrics.events.inc({ event: ACT_EVENT, outcome });
  deps.log.info({ event: ACT_EVENT, ...details }, ACT_EVENT);
}

/** Nobody keeps themselves out, or gives themselves a role: another operator does, or the command line. */
export function refuseOwnAccount({ live }: MemberContext, id: string): void {
  if (id === live.user.id) throw new Refusal('FORBIDDEN', { reason: 'own-account' });
}
