import { LANDING_PATH } from '@latchkey/shared';
import type { FastifyInstance } from 'fastify';
import type { ServerDeps } from '../procedures/server-deps.ts';
import {
  openCaller,
  pick,
  readFields,
  redirect,
  returnToForm,
  type Fields,
} from './form-answer.ts';
import { goOn, greet } from './go-on.ts';

/** A page that takes the code of a link and nothing else. */
const describeLinkForm = (path: string, fields: Fields) => ({
  path,
  next: null,
  typed: pick(fields, ['token']),
  faults: { token: 'broken-reset-link' } as const,
  fieldIds: { token: 'token' },
});

/** The forms that ask for a mail with a link, or take the code of one. */
export function addLinkForms(server: FastifyInstance, deps: ServerDeps): void {
  server.post('/confirm-email', async (request, reply) => {
    const fields = readFields(request);
    try {
      const caller = await openCaller(deps, request, reply);
      const { user, next, approval } = await caller.auth.confirmEmail({
        token: fields['token'] ?? '',
      });
      if (user) return await goOn(request, reply, greet(next ?? LANDING_PATH));
      if (approval) return await redirect(reply, '/login', null, 'waiting-for-approval');
      // The log-in sends whoever is signed in on to the dashboard, which says it as well.
      return await redirect(reply, '/login', null, 'email-confirmed');
    } catch (fault) {
      return returnToForm(reply, deps, fault, describeLinkForm('/confirm-email', fields));
    }
  });

  server.post('/undo-email', async (request, reply) => {
    const fields = readFields(request);
    try {
      const caller = await openCaller(deps, request, reply);
      await caller.auth.undoEmailChange({ token: fields['token'] ?? '' });
      return await redirect(reply, '/forgot-password', null, 'email-restored');
    } catch (fault) {
      return returnToForm(reply, deps, fault, describeLinkForm('/undo-email', fields));
    }
  });

  server.post('/forgot-password', async (request, reply) => {
    const { identifier = '' } = readFields(request);
    try {
      const caller = await openCaller(deps, request, reply);
      await caller.auth.requestPasswordReset({ identifier });
      return await redirect(reply, '/forgot-password', null, 'reset-sent');
    } catch (fault) {
      return returnToForm(reply, deps, fault, {
        path: '/forgot-password',
        next: null,
        typed: { identifier },
        faults: { identifier: 'invalid-input' },
        fieldIds: { identifier: 'identifier' },
      });
    }
  });

  server.post('/reset-password', async (request, reply) => {
    const fields = readFields(request);
    const { token = '', newPassword = '' } = fields;
    try {
      const caller = await openCaller(deps, request, reply);
      await caller.auth.resetPassword({ token, newPassword });
      return await redirect(reply, '/login', null, 'password-reset');
    } catch (fault) {
      return returnToForm(reply, deps, fault, {
        path: '/reset-password',
        next: null,
        typed: pick(fields, ['token']),
        faults: { token: 'broken-reset-link', newPassword: 'invalid-password' },
        fieldIds: { token: 'token', newPassword: 'new-password' },
      });
    }
  });

  server.post('/secure-account', async (request, reply) => {
    const fields = readFields(request);
    try {
      const caller = await openCaller(deps, request, reply);
      await caller.auth.secureAccount({ token: fields['token'] ?? '' });
      return await redirect(reply, '/forgot-password', null, 'account-secured');
    } catch (fault) {
      return returnToForm(reply, deps, fault, describeLinkForm('/secure-account', fields));
    }
  });
}
