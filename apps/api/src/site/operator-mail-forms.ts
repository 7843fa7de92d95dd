import { mailViews } from '@latchkey/shared';
import { mailPath } from './fill-operator-mail.ts';
import type { OperatorForms } from './operator-action.ts';

const isView = (text: string) => (mailViews as readonly string[]).includes(text);

/** The forms of the page of the mails. */
export const mailForms: OperatorForms = {
  path: mailPath,
  query: ({ show = '' }) => (isView(show) ? `?show=${show}` : ''),
  actions: {
    retry: {
      call: async ({ operator }, { id = '' }) =>
        (await operator.retryMail({ id })).retried > 0 ? 'mail-retried' : 'no-mail-retried',
      faults: { id: 'no-mail-retried' },
    },
    'retry-all': {
      call: async ({ operator }) =>
        (await operator.retryMail({})).retried > 0 ? 'mails-retried' : 'no-mail-retried',
    },
  },
};
