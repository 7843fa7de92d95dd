import { omitUnchanged, PERSON_FIELD, type MessageId } from '@latchkey/shared';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../http/refusal.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { dashboardPath, newFeedField } from './fill-dashboard.ts';
import { factorsPath, newCodesField } from './fill-factors.ts';
import { newVisitField, oidcPath } from './fill-oidc.ts';
import {
  openCaller,
  pick,
  readFields,
  redirect,
  returnToForm,
  type Caller,
  type FaultMessages,
  type Fields,
} from './form-answer.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import { dropTyped, keepTyped } from './typed-cookie.ts';

type Action = {
  /** `show` keeps what the page is to show this once. */
  call: (caller: Caller, fields: Fields, show: (fields: Fields) => void) => Promise<unknown>;
  /** What the page says on success; null: the procedure's answer is the download. */
  done: MessageId | null | ((result: unknown) => MessageId);
  /** The page of the form, if it is not the dashboard. */
  page?: string;
  /** The page that says it is done, if it is another. */
  doneAt?: string;
  /** Fields that come back with what was typed. Never a password. */
  typed?: readonly string[];
  faults?: FaultMessages;
  /** Field → its id in the page, where more than one may be faulty at once. */
  fieldIds?: Record<string, string>;
};

/** The password field that every sensitive form has; left empty, it was not given. */
const readProof = ({ currentPassword }: Fields) => (currentPassword ? { currentPassword } : {});

/** The visit of the address, for the page to lead on to. */
const keepVisit = (address: string) => ({
  [newVisitField]: new URL(address, 'http://localhost').searchParams.get('visit') ?? '',
});

/** Whether the answer is that a link was sent, which is to be opened first. */
const isSent = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && 'confirmation' in result;

/** What the forms of the dashboard can do, by their hidden field `action`. */
const actions: Record<string, Action> = {
  profile: {
    call: ({ account }, { name, username }) => account.update({ name, username }),
    done: 'profile-saved',
    typed: ['name', 'username'],
    faults: { name: 'invalid-name', username: 'invalid-username' },
    fieldIds: { name: 'name', username: 'username' },
  },
  email: {
    call: ({ account }, { email = '', ...fields }) =>
      account.changeEmail({ email, ...readProof(fields) }),
    done: (result) => (isSent(result) ? 'email-change-sent' : 'email-changed'),
    typed: ['email'],
    faults: {
      email: 'invalid-email',
      'email-taken': 'email-in-use',
      'email-domain-not-allowed': 'invalid-input',
    },
    fieldIds: { email: 'new-email' },
  },
  password: {
    call: ({ account }, { currentPassword = '', newPassword = '' }) =>
      account.changePassword({ currentPassword, newPassword }),
    done: 'password-changed',
    faults: { currentPassword: 'password-required', newPassword: 'invalid-password' },
    fieldIds: { currentPassword: 'current-password', newPassword: 'new-password' },
  },
  'start-authenticator': {
    page: factorsPath,
    call: ({ factors }, fields) => factors.startAuthenticator(readProof(fields)),
    done: 'authenticator-started',
  },
  'confirm-authenticator': {
    page: factorsPath,
    call: async ({ factors }, { code = '' }, show) => {
      const { recoveryCodes } = await factors.confirmAuthenticator({ code });
      show({ [newCodesField]: recoveryCodes.join(' ') });
    },
    done: 'authenticator-added',
    faults: { code: 'wrong-code' },
  },
  'link-oidc': {
    page: oidcPath,
    call: async ({ oidc }, fields, show) => {
      const { address } = await oidc.start({ purpose: 'link', ...readProof(fields) });
      show(keepVisit(address));
    },
    done: 'oidc-ready',
  },
  'confirm-oidc': {
    page: oidcPath,
    call: async ({ oidc }, _fields, show) => {
      show(keepVisit((await oidc.start({ purpose: 'proof' })).address));
    },
    done: 'oidc-ready',
  },
  'unlink-oidc': {
    page: oidcPath,
    call: ({ oidc }, { id = '', ...fields }) => oidc.unlink({ id, ...readProof(fields) }),
    done: 'oidc-unlinked',
    faults: { 'not-found': 'oidc-gone' },
  },
  'renew-recovery-codes': {
    page: factorsPath,
    call: async ({ factors }, fields, show) => {
      const { recoveryCodes } = await factors.renewRecoveryCodes(readProof(fields));
      show({ [newCodesField]: recoveryCodes.join(' ') });
    },
    done: 'recovery-codes-renewed',
  },
  'remove-authenticator': {
    page: factorsPath,
    call: ({ factors }, fields) => factors.removeAuthenticator(readProof(fields)),
    done: 'authenticator-removed',
  },
  'rename-passkey': {
    page: factorsPath,
    call: ({ passkeys }, { id = '', name = '' }) => passkeys.rename({ id, name }),
    done: 'passkey-renamed',
    faults: { name: 'invalid-name', id: 'passkey-gone', 'not-found': 'passkey-gone' },
    fieldIds: { name: 'passkey-new-name' },
  },
  'remove-passkey': {
    page: factorsPath,
    call: ({ passkeys }, { id = '', ...fields }) => passkeys.remove({ id, ...readProof(fields) }),
    done: 'passkey-removed',
    faults: { id: 'passkey-gone', 'not-found': 'passkey-gone' },
  },
  'end-session': {
    call: ({ sessions }, { id = '', ...fields }) => sessions.revoke({ id, ...readProof(fields) }),
    done: 'session-ended',
    faults: { id: 'session-gone', 'not-found': 'session-gone' },
  },
  'end-other-sessions': {
    call: ({ sessions }, fields) => sessions.revokeOthers(readProof(fields)),
    done: 'other-sessions-ended',
  },
  'end-other-devices': {
    page: factorsPath,
    call: ({ sessions }, fields) => sessions.revokeOthers(readProof(fields)),
    done: 'other-sessions-ended',
  },
  'make-feed': {
    call: async ({ feed }, fields, show) => {
      const { address } = await feed.create(readProof(fields));
      show({ [newFeedField]: address });
    },
    done: 'feed-made',
  },
  'revoke-feed': {
    call: ({ feed }) => feed.revoke(),
    done: 'feed-revoked',
  },
  export: {
    call: ({ account }, fields) => account.export(readProof(fields)),
    done: null,
  },
  delete: {
    call: ({ account }, { email = '', ...fields }) =>
      account.delete({ email, ...readProof(fields) }),
    done: 'account-deleted',
    doneAt: '/',
    faults: { email: 'email-mismatch' },
  },
};

/** The dashboard's forms without JavaScript. */
export function addDashboardForms(server: FastifyInstance, deps: ServerDeps): void {
  server.post(dashboardPath, async (request, reply) => {
    const { action: name = '', ...sent } = readFields(request);
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    const fields = omitUnchanged(sent);
    const path = action?.page ?? dashboardPath;
    try {
      if (!action) throw new Refusal('BAD_REQUEST', { reason: 'invalid-input' });
      const caller = await openCaller(deps, request, reply, fields[PERSON_FIELD]);
      if (name === 'email' && 'email' in sent && !('email' in fields)) {
        // Refused where a change would be.
        await caller.account.update({});
        return await redirect(reply, dashboardPath, null, 'nothing-changed');
      }
      const result = await action.call(caller, fields, (shown) =>
        keepTyped(reply, deps.settings, { path, fields: shown }),
      );
      if (action.doneAt) dropTyped(request, reply, deps.settings, dashboardPath);
      if (action.done) {
        const done = typeof action.done === 'function' ? action.done(result) : action.done;
        return await redirect(reply, action.doneAt ?? path, null, done);
      }
      forbidStoring(reply);
      return await reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', 'attachment; filename="latchkey-account.json"')
        .send(`${JSON.stringify(result, null, 2)}\n`);
    } catch (fault) {
      return returnToForm(reply, deps, fault, {
        path,
        next: null,
        typed: action?.typed ? pick(fields, [...action.typed, PERSON_FIELD]) : {},
        ...(action?.faults && { faults: action.faults }),
        ...(action?.fieldIds && { fieldIds: action.fieldIds }),
      });
    }
  });
}
