import type { MessageId } from '@latchkey/shared';

/** The log-in page's address that leads back to `next` and shows a message. */
export function linkLogin(next: string | null, messageId: MessageId): string {
  const query = next === null ? '' : `?${new URLSearchParams({ next }).toString()}`;
  return `/login${query}#${messageId}`;
}
