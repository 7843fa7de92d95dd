import { formatTime } from '@latchkey/shared';
import type { ListItem } from '../pages/fill-page.ts';

type Used = { createdAt: string; lastUsedAt: string | null };

/** When something was added, and last used. */
export function showUse({ createdAt, lastUsedAt }: Used): ListItem {
  return {
    createdAt,
    createdText: formatTime(createdAt),
    used: String(lastUsedAt !== null),
    lastUsedAt: lastUsedAt ?? '',
    lastUsedText: lastUsedAt ? formatTime(lastUsedAt) : '',
  };
}
