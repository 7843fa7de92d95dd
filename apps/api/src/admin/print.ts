/** Control characters and those that turn the direction of text: in a terminal they would act. */
const acting = /[\p{Cc}\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;

/** Text that somebody else chose, safe to show in a terminal. */
export function showText(text: string): string {
  return text.replaceAll(acting, '\uFFFD');
}

const countCharacters = (text: string) => [...text].length;

/** Rows under headings, in aligned columns of plain text. */
export function formatTable(headings: string[], rows: string[][]): string {
  const lines = [headings, ...rows.map((row) => row.map(showText))];
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((line) => countCharacters(line[column] ?? ''))),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - countCharacters(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

/** Minutes are enough for people: `2026-11-21 10:46Z`. */
export function showTime(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

/** `1 session`, `2 sessions`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
