import { formatLocalTime } from '@latchkey/shared';

/**
 * Writes moments as the reader's own clock shows them; the server wrote them in UTC. A mere day has
 * no zone, and stays.
 */
export function showLocalTimes(page = document): void {
  for (const time of page.querySelectorAll<HTMLTimeElement>('time[datetime*="T"]')) {
    time.textContent = formatLocalTime(time.dateTime);
  }
}
