import { invitationsPath, newInvitationField } from './fill-operator-invitations.ts';
import type { OperatorForms } from './operator-action.ts';

/** A number as it was typed; what is none is refused as one. */
const readNumber = (text: string) => (/^\d{1,6}$/.test(text) ? Number(text) : NaN);

/** The forms of the page of the invitations. */
export const invitationForms: OperatorForms = {
  path: invitationsPath,
  query: ({ after = '' }) => (after ? `?${new URLSearchParams({ after }).toString()}` : ''),
  actions: {
    invite: {
      call: async ({ operator }, { email, role, uses = '', until }, show) => {
        const typed = uses.trim();
        const { code } = await operator.invite({
          ...{ email, role, until },
          ...(typed !== '' && { uses: readNumber(typed) }),
        });
        show({ [newInvitationField]: code });
        return 'invitation-made';
      },
      typed: ['email', 'role', 'uses', 'until'],
      faults: {
        email: 'invalid-email',
        role: 'invalid-input',
        uses: 'invalid-input',
        until: 'invalid-input',
        'invitee-has-account': 'invalid-input',
      },
      fieldIds: { email: 'email', role: 'role', uses: 'uses', until: 'until' },
    },
    revoke: {
      call: async ({ operator }, { id = '' }) =>
        (await operator.revokeInvitation({ id })).changed
          ? 'invitation-revoked'
          : 'invitation-gone',
      faults: { id: 'invitation-gone', 'not-found': 'invitation-gone' },
    },
  },
};
