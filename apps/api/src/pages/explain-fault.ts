import { loginInput, messages, registerInput, type MessageId } from '@latchkey/shared';

const { name, email, username } = registerInput.shape;
const { identifier } = loginInput.shape;

type Schema = typeof name | typeof email | typeof username;

/** Message → the field that it is about, and the schema that knows more exactly what is wrong there. */
const known: Partial<Record<MessageId, [field: string, schema: Schema]>> = {
  'invalid-name': ['name', name],
  'invalid-email': ['email', email],
  'invalid-username': ['username', username],
  'invalid-input': ['identifier', identifier],
};

/**
 * What is wrong with a field, in a sentence: the schema's own where what was typed is still there. So no
 * sentence has to come by an address or a cookie, which anybody may have written.
 */
export function explainFault(messageId: MessageId, typed: Record<string, string>): string {
  const [field = '', schema] = known[messageId] ?? [];
  const text = typed[field];
  const fault = text === undefined ? undefined : schema?.safeParse(text).error;
  return fault?.issues[0]?.message ?? messages[messageId];
}
