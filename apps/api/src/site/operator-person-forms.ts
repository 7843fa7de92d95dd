import type { MessageId } from '@latchkey/shared';
import { personPath } from './fill-operator-person.ts';
import { newResetField, removedRoleField } from './fill-person-acts.ts';
import { operatorPath } from './conceal-operator.ts';
import type { Fields } from './form-answer.ts';
import type { OperatorAction, OperatorForms } from './operator-action.ts';

const waitingPath = `${operatorPath}?show=waiting`;
const gone = { path: operatorPath, message: 'person-gone' } as const;

/** Fields that may be left empty; an empty one was not filled in. */
function readOptional(fields: Fields, field: string, name: string): Fields {
  const text = fields[field]?.trim() ?? '';
  return text === '' ? {} : { [name]: text };
}

/** An act that says one thing when it is done, and another where it was so already. */
const act = (
  call: (...given: Parameters<OperatorAction['call']>) => Promise<{ changed: boolean }>,
  done: MessageId,
  before: MessageId = 'nothing-changed',
): OperatorAction => ({
  call: async (...given) => ((await call(...given)).changed ? done : before),
});

const approve = act(
  ({ operator }, { id = '' }) => operator.approve({ id }),
  'person-approved',
  'not-waiting',
);

/** The forms of the list of people: what is decided at a glance. */
export const peopleForms: OperatorForms = {
  path: operatorPath,
  query: () => '?show=waiting',
  gone: { ...gone, path: waitingPath },
  actions: { approve },
};

/** The forms of a person's page. */
export const personForms: OperatorForms = {
  path: personPath,
  query: ({ id = '' }) => `?${new URLSearchParams({ id }).toString()}`,
  gone,
  actions: {
    approve,
    refuse: {
      ...act(
        ({ operator }, { id = '' }) => operator.refuse({ id }),
        'person-refused',
        'not-waiting',
      ),
      doneAt: waitingPath,
    },
    disable: act(({ operator }, { id = '' }) => operator.disable({ id }), 'person-disabled'),
    enable: act(({ operator }, { id = '' }) => operator.enable({ id }), 'person-enabled'),
    'make-reset-link': {
      call: async ({ operator }, { id = '' }, show) => {
        show({ [newResetField]: (await operator.makeResetLink({ id })).code });
        return 'reset-link-made';
      },
    },
    'remove-factors': act(
      ({ operator }, { id = '' }) => operator.removeFactors({ id }),
      'factors-removed',
    ),
    'grant-role': {
      call: async ({ operator }, { id = '', role = '', ...fields }) => {
        const { changed, isKnown } = await operator.grantRole({
          ...{ id, role },
          ...readOptional(fields, 'until', 'until'),
          ...readOptional(fields, 'reason', 'reason'),
        });
        if (!changed) return 'nothing-changed';
        return isKnown ? 'role-given' : 'role-given-unknown';
      },
      typed: ['role', 'until', 'reason'],
      faults: { role: 'invalid-role', until: 'invalid-until', reason: 'invalid-reason' },
      fieldIds: { role: 'role', until: 'until', reason: 'reason' },
    },
    'revoke-role': {
      ...act(
        ({ operator }, { id = '', [removedRoleField]: role = '', ...fields }) =>
          operator.revokeRole({ id, role, ...readOptional(fields, 'removalReason', 'reason') }),
        'role-taken',
      ),
      typed: [removedRoleField, 'removalReason'],
      faults: { role: 'invalid-role', reason: 'invalid-reason' },
    },
    'end-session': {
      ...act(
        ({ operator }, { id = '', session = '' }) => operator.endSession({ id, session }),
        'session-ended',
        'session-gone',
      ),
      faults: { session: 'session-gone' },
    },
    'end-sessions': act(
      ({ operator }, { id = '' }) => operator.endSessions({ id }),
      'person-signed-out',
    ),
    delete: {
      ...act(
        ({ operator }, { id = '', email = '' }) => operator.deletePerson({ id, email }),
        'person-deleted',
      ),
      doneAt: operatorPath,
      typed: ['email'],
      faults: { email: 'email-mismatch' },
    },
  },
};
