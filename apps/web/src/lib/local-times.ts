import { formatLocalTime } from '@latchkey/shared';

/**
 * Writes moments as the reader's own clock shows them; the server wrote them in UTC. A mere day has
 * no zone, and stays.
 */
export function showLocalTimes(page: ParentNode): void {
  for (const time of page.querySelectorAll<HTMLTimeElement>(
    'time[datetime*="T"]:not([data-local])',
  )) {
    time.dataset['local'] = '';
    time.textContent = formatLocalTime(time.dateTime);
  }
}
