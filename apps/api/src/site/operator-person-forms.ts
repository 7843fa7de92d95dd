import { personPath } from './fill-operator.ts';
import type { OperatorForms } from './operator-action.ts';

/** The forms of a person's page. */
export const personForms: OperatorForms = {
  path: personPath,
  query: ({ id = '' }) => `?${new URLSearchParams({ id }).toString()}`,
  actions: {
    disable: {
      call: async ({ operator }, { id = '' }) =>
        (await operator.disable({ id })).changed ? 'person-disabled' : 'nothing-changed',
    },
    enable: {
      call: async ({ operator }, { id = '' }) =>
        (await operator.enable({ id })).changed ? 'person-enabled' : 'nothing-changed',
    },
  },
};
