import { PERSON_FIELD } from '@latchkey/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../http/refusal.ts';
import { readRequestPath } from '../http/request-path.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { isConcealed } from './conceal-operator.ts';
import { openCaller, readFields, redirect, returnToForm } from './form-answer.ts';
import { proofPath, readOperatorPath } from './serve-operator.ts';

/** The forms of the operator's pages. To everybody else they are not there, whatever is sent. */
export function addOperatorForms(server: FastifyInstance, deps: ServerDeps): void {
  async function conceal(request: FastifyRequest, reply: FastifyReply) {
    const path = readRequestPath(request)?.path ?? '';
    if (await isConcealed(deps, request, reply, path)) throw notFound;
  }

  server.post(proofPath, { onRequest: conceal }, async (request, reply) => {
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
