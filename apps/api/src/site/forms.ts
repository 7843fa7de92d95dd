/**
 * The forms without JavaScript: each posts to its page's own address, calls the same procedure as
 * the script would, and is answered with 303 to a page that says how it went.
 */
import formbody from '@fastify/formbody';
import { LANDING_PATH, parseNextPath, PERSON_FIELD, personFields } from '@latchkey/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerDeps } from '../procedures/server-deps.ts';
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
import { goOn, greet } from './go-on.ts';
import { addLinkForms } from './link-forms.ts';
import { addOperatorForms } from './operator-forms.ts';
import { checkEmailPath } from './serve-page.ts';
import { keepTyped } from './typed-cookie.ts';

const registerFaults: FaultMessages = {
  name: 'invalid-name',
  email: 'invalid-email',
  username: 'invalid-username',
  password: 'invalid-password',
  invitation: 'broken-reset-link',
};

/** On /register each field has its name for an id. */
const pageFieldIds = Object.fromEntries(Object.keys(registerFaults).map((name) => [name, name]));

export async function addForms(
  server: FastifyInstance,
  { deps }: { deps: ServerDeps },
): Promise<void> {
  server.removeAllContentTypeParsers();
  await server.register(formbody);
  addDashboardForms(server, deps);
  addLinkForms(server, deps);
  addOperatorForms(server, deps);

  server.post('/login', async (request, reply) => {
    const fields = readFields(request);
    const next = readNext(request, fields);
    const { identifier = '', password = '' } = fields;
    try {
      const caller = await openCaller(deps, request, reply);
      const login = { identifier, password, ...readStaySignedIn(fields) };
      const { secondFactor } = await caller.auth.login(login);
      if (secondFactor) return await redirect(reply, '/second-factor', next);
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
      const more = { ...pick(fields, ['invitation']), next };
      const input = { ...person, password, ...more, ...readStaySignedIn(fields) };
      const answer = await caller.auth.register(input);
      if ('approval' in answer)
        return await redirect(reply, '/login', next, 'waiting-for-approval');
      if ('confirmation' in answer) return await tellOfMail(reply, deps, email, next);
      return await goOn(request, reply, greet(next ?? LANDING_PATH));
    } catch (fault) {
      const typed = pick(fields, [...personFields, 'invitation', 'staySignedIn']);
      return returnToForm(reply, deps, fault, {
        path: '/register',
        next,
        typed,
        faults: registerFaults,
        fieldIds: pageFieldIds,
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

/** Sends somebody whose address is to be confirmed to the page that says so, and names it this once. */
function tellOfMail(
  reply: FastifyReply,
  { settings }: ServerDeps,
  email: string,
  next: string | null,
): FastifyReply {
  keepTyped(reply, settings, { path: checkEmailPath, fields: { email } });
  return redirect(reply, checkEmailPath, next);
}

function readNext({ query }: FastifyRequest, fields: Fields): string | null {
  return parseNextPath((query as Fields)['next'] ?? fields['next']);
}

function readStaySignedIn(fields: Fields): { staySignedIn: boolean } {
  return { staySignedIn: isChecked(fields['staySignedIn']) };
}

const isChecked = (value = '') => ['on', 'true'].includes(value);
