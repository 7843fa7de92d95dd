import type { MessageId } from '@latchkey/shared';
import type { Caller, FaultMessages, Fields } from './form-answer.ts';

/** What a form of the operator's pages does. */
export type OperatorAction = {
  /**
   * Calls the procedure, and returns what the page says then. `show` keeps what it is to show this once:
   * `takeTyped` of its fill has it.
   */
  call: (caller: Caller, fields: Fields, show: (fields: Fields) => void) => Promise<MessageId>;
  /** The page that says it, if it is another. */
  doneAt?: string;
  /** Fields that come back with what was typed. Never a password. */
  typed?: readonly string[];
  faults?: FaultMessages;
  /** Field → its id in the page, where more than one may be faulty at once. */
  fieldIds?: Record<string, string>;
};

/** The forms of one page, by their hidden field `action`. */
export type OperatorForms = {
  path: string;
  /** The query of the page's address, with its `?`, where it is made of the form's fields. */
  query?: (fields: Fields) => string;
  /** Where it leads when what it is about is gone, and what is said there. */
  gone?: { path: string; message: MessageId };
  actions: Record<string, OperatorAction>;
};
