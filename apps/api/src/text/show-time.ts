/** A moment for operators, in UTC; minutes are enough for people: `2026-11-21 10:46Z`. */
export function showTime(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
