const language = navigator.languages.find((tag) => tag.startsWith('en')) ?? 'en-GB';
const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });

/** Writes times as the reader's own clock shows them. The server wrote them in UTC. */
export function showLocalTimes(): void {
  for (const time of document.querySelectorAll('time')) {
    time.textContent = format.format(new Date(time.dateTime));
  }
}
