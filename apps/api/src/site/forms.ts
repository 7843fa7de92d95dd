/**
 * The forms without JavaScript: each posts to its page's own address, calls the same procedure as
 * the script would, and is answered with 303 to a page that says how it went.
 */
import formbody from '@fastify/formbody';
import {
  LANDING_PATH,
  parseNextPath,
  PERSON_FIELD,
  personFields,
  type MessageId,
} from '@latchkey/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { linkCookieCheck } from './cookie-check.ts';
import { addDashboardForms } from './dashboard-forms.ts';
import {
  openCaller,
  pick,
  readFields,
  redirect,
  returnToForm,
  type FaultMessages,
  type Fields,
} from './form-answer.ts';
import { checkEmailPath } from './serve-page.ts';
import { keepTyped } from './typed-cookie.ts';
import { forbidStoring } from '../http/privacy-headers.ts';

const registerFaults: FaultMessages = {
  name: 'invalid-name',
  email: 'invalid-email',
  username: 'invalid-username',
  password: 'invalid-password',
};

export async function addForms(
  server: FastifyInstance,
  { deps }: { deps: ServerDeps },
): Promise<void> {
  server.removeAllContentTypeParsers();
  await server.register(formbody);
  addDashboardForms(server, deps);

  server.post('/login', async (request, reply) => {
    const fields = readFields(request);
    const next = readNext(request, fields);
    const { identifier = '', password = '' } = fields;
    try {
      const caller = await openCaller(deps, request, reply);
      const login = { identifier, password, ...readStaySignedIn(fields) };
      const { secondFactor } = await caller.auth.login(login);
      if (secondFactor) return await askForCode(reply, next);
      return await goOn(request, reply, next ?? LANDING_PATH);
    } catch (fault) {
      const typed = { identifier, ...pick(fields, ['staySignedIn']) };
      return returnToForm(reply, deps, fault, {
        path: '/login',
        next,
        typed,
        faults: { identifier: 'invalid-input' },
        fieldIds: { identifier: 'identifier' },
      });
    }
  });

  server.post('/second-factor', async (request, reply) => {
    const fields = readFields(request);
    const next = readNext(request, fields);
    const { code = '' } = fields;
    try {
      const caller = await openCaller(deps, request, reply);
      const rememberBrowser = isChecked(fields['rememberBrowser']);
      await caller.auth.secondFactor({ code, rememberBrowser });
      return await goOn(request, reply, next ?? LANDING_PATH);
    } catch (fault) {
      return returnToForm(reply, deps, fault, {
        path: '/second-factor',
        next,
        typed: pick(fields, ['rememberBrowser']),
        faults: { code: 'invalid-input' },
        fieldIds: { code: 'code' },
      });
    }
  });

  server.post('/register', async (request, reply) => {
    const fields = readFields(request);
    const next = readNext(request, fields);
    const { name = '', email = '', password = '' } = fields;
    try {
      const caller = await openCaller(deps, request, reply);
      const person = { ...pick(fields, personFields), name, email };
      const input = { ...person, password, next, ...readStaySignedIn(fields) };
      const answer = await caller.auth.register(input);
      if ('confirmation' in answer) return await tellOfMail(reply, deps, email, next);
      return await goOn(request, reply, greet(next ?? LANDING_PATH));
    } catch (fault) {
      const typed = pick(fields, [...personFields, 'staySignedIn']);
      return returnToForm(reply, deps, fault, {
        path: '/register',
        next,
        typed,
        faults: registerFaults,
        fieldIds: { name: 'name', email: 'email', username: 'username', password: 'password' },
      });
    }
  });

  server.post('/confirm-email', async (request, reply) => {
    const fields = readFields(request);
    try {
      const caller = await openCaller(deps, request, reply);
      const { user, next } = await caller.auth.confirmEmail({ token: fields['token'] ?? '' });
      if (user) return await goOn(request, reply, greet(next ?? LANDING_PATH));
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
    const { token = '' } = readFields(request);
    try {
      const caller = await openCaller(deps, request, reply);
      await caller.auth.secureAccount({ token });
      return await redirect(reply, '/forgot-password', null, 'account-secured');
    } catch (fault) {
      return returnToForm(reply, deps, fault, {
        path: '/secure-account',
        next: null,
        typed: { token },
        faults: { token: 'broken-reset-link' },
        fieldIds: { token: 'token' },
      });
    }
  });

  server.post('/logout', async (request, reply) => {
    // A page that was made for nobody, such as one from a CDN, has the field without a value.
    const person = readFields(request)[PERSON_FIELD] || undefined;
    try {
      const caller = await openCaller(deps, request, reply, person);
      await caller.auth.logout();
      return await redirect(reply, '/', null, 'signed-out');
    } catch (fault) {
      return returnToForm(reply, deps, fault, { path: '/logout', next: null, typed: {} });
    }
  });
}

/**
 * Sends somebody who has just signed in on their way. A browser may have dropped the cookie, so it goes
 * by the log-in, which sees whether the cookie came back; other programs do with cookies what they will.
 */
function goOn({ headers }: FastifyRequest, reply: FastifyReply, path: string): FastifyReply {
  const isBrowser =
    headers['sec-fetch-mode'] === 'navigate' || headers['upgrade-insecure-requests'] === '1';
  forbidStoring(reply);
  return reply.redirect(isBrowser ? linkCookieCheck(path) : path, 303);
}

/** Sends somebody whose address is to be confirmed to the page that says so, and names it this once. */
function tellOfMail(
  reply: FastifyReply,
  { settings }: ServerDeps,
  email: string,
  next: string | null,
): FastifyReply {
  keepTyped(reply, settings, { path: checkEmailPath, fields: { email } });
  forbidStoring(reply);
  const query = next === null ? '' : `?${new URLSearchParams({ next }).toString()}`;
  return reply.redirect(checkEmailPath + query, 303);
}

/** A page that takes the code of a link and nothing else. */
const describeLinkForm = (path: string, fields: Fields) => ({
  path,
  next: null,
  typed: pick(fields, ['token']),
  faults: { token: 'broken-reset-link' } as const,
  fieldIds: { token: 'token' },
});

/** The place to go to after registering, with the word of welcome unless it points somewhere itself. */
function greet(path: string): string {
  return path.includes('#') ? path : `${path}#${'welcome' satisfies MessageId}`;
}

function readNext({ query }: FastifyRequest, fields: Fields): string | null {
  return parseNextPath((query as Fields)['next'] ?? fields['next']);
}

function readStaySignedIn(fields: Fields): { staySignedIn: boolean } {
  return { staySignedIn: isChecked(fields['staySignedIn']) };
}

const isChecked = (value = '') => ['on', 'true'].includes(value);

/** Leads who gave the right password to the second step. */
function askForCode(reply: FastifyReply, next: string | null): FastifyReply {
  forbidStoring(reply);
  const query = next === null ? '' : `?${new URLSearchParams({ next }).toString()}`;
  return reply.redirect(`/second-factor${query}`, 303);
}
