import type { ServerDeps } from '../procedures/server-deps.ts';
import type { Fields } from './form-answer.ts';

/** What a page of operators may be filled with besides what its procedures give. */
export type OperatorVisit = {
  deps: ServerDeps;
  /** The operator. */
  reader: { id: string };
  /**
   * What was typed, and what is to be shown this once. Ask for it last: it is gone then, and a page that
   * asks for a proof first must find it later. A cookie may bring anything: look whether a secret is real
   * before you show it.
   */
  takeTyped: () => Fields;
};
