import { PERSON_FIELD, type MessageId } from '@latchkey/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toTrpcError } from '../http/answer-error.ts';
import { describeError } from '../http/describe-error.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { readRequestPath } from '../http/request-path.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { isConcealed } from './conceal-operator.ts';
import { openCaller, pick, readFields, redirect, returnToForm } from './form-answer.ts';
import type { OperatorForms } from './operator-action.ts';
import { invitationForms } from './operator-invitation-forms.ts';
import { mailForms } from './operator-mail-forms.ts';
import { peopleForms, personForms } from './operator-person-forms.ts';
import { proofPath, readOperatorPath } from './serve-operator.ts';
import { keepTyped, untilLoginSeconds } from './typed-cookie.ts';

/** Whom a form is about, and whose it is: what it has kept is for no other page. */
const whose = ['id', PERSON_FIELD];

/** The forms of these pages. To everybody but operators they are not there, whatever is sent. */
export function addOperatorForms(server: FastifyInstance, deps: ServerDeps): void {
  const onRequest: Gate = async (request, reply) => {
    const path = readRequestPath(request)?.path ?? '';
    if (await isConcealed(deps, request, reply, path)) throw notFound;
  };
  addProofForm(server, deps, onRequest);
  for (const forms of [peopleForms, personForms, invitationForms, mailForms]) {
    server.post(forms.path, { onRequest }, (request, reply) => answer(deps, request, reply, forms));
  }
}

/** Does what a form asks for, and leads back to its page: through the proof, where that is over. */
async function answer(
  deps: ServerDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  forms: OperatorForms,
): Promise<FastifyReply> {
  const { action: name = '', ...fields } = readFields(request);
  const action = Object.hasOwn(forms.actions, name) ? forms.actions[name] : undefined;
  const query = forms.query?.(fields) ?? '';
  const { path } = forms;
  try {
    if (!action) throw new Refusal('BAD_REQUEST', { reason: 'invalid-input' });
    const caller = await openCaller(deps, request, reply, fields[PERSON_FIELD]);
    const done = await action.call(caller, fields, (shown) =>
      keepTyped(reply, deps.settings, { path, fields: { ...pick(fields, whose), ...shown } }),
    );
    return await redirect(reply, action.doneAt ?? path + query, null, done);
  } catch (fault) {
    const typed = pick(fields, [...(action?.typed ?? []), ...whose]);
    const { reason } = describeError(toTrpcError(fault));
    if (reason === 'password-required' || reason === 'code-required') {
      keepTyped(reply, deps.settings, { path, fields: typed, maxAge: untilLoginSeconds });
      const back = `${path + query}#${'not-done' satisfies MessageId}`;
      return redirect(reply, proofPath, back, reason);
    }
    if (reason === 'not-found' && forms.gone) {
      return redirect(reply, forms.gone.path, null, forms.gone.message);
    }
    const { faults = {}, fieldIds = {} } = action ?? {};
    return returnToForm(reply, deps, fault, { path, query, next: null, typed, faults, fieldIds });
  }
}

type Gate = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** The proof, which leads back to where the operator was going. */
function addProofForm(server: FastifyInstance, deps: ServerDeps, onRequest: Gate): void {
  server.post(proofPath, { onRequest }, async (request, reply) => {
    const { next: typed, currentPassword = '', ...fields } = readFields(request);
    const next = readOperatorPath(typed);
    try {
      const caller = await openCaller(deps, request, reply, fields[PERSON_FIELD]);
      await caller.operator.prove({ currentPassword });
      return await redirect(reply, next, null);
    } catch (fault) {
      return returnToForm(reply, deps, fault, {
        path: proofPath,
        next,
        typed: {},
        faults: { currentPassword: 'password-required' },
      });
    }
  });
}
