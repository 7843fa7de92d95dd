/** Controls, what turns the direction of text, what cannot be seen, and halves of a character. */
const acting =
  /[\p{Cc}\p{Bidi_Control}\p{Cs}\u00ad\u180e\u200b\u2028\u2029\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]/gu;

const escape = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text that somebody else chose, safe to show in a terminal: what would act there is escaped as in JSON. */
export function showText(text: string): string {
  return text.replaceAll(acting, escape);
}

/** The same of several lines, JSON included. */
export function showLines(text: string): string {
  return text.replaceAll(acting, (sign) => (sign === '\n' ? sign : escape(sign)));
}

/** Lets nothing into the terminal that would act there, whichever command prints it. */
export function guardTerminal(): void {
  const write = process.stdout.write.bind(process.stdout) as (...all: unknown[]) => boolean;
  process.stdout.write = (chunk: unknown, ...rest: unknown[]) =>
    write(typeof chunk === 'string' ? showLines(chunk) : chunk, ...rest);
  // Not the stream of errors: a question at the terminal moves the cursor in it.
  console.error = (text: string) => process.stderr.write(`${showLines(text)}\n`);
}

const countCharacters = (text: string) => [...text].length;

/** One line of a table, in columns of these widths at least. */
export function formatRow(row: string[], widths: number[]): string {
  return row
    .map(showText)
    .map((cell, column) => {
      const missing = (widths[column] ?? 0) - countCharacters(cell);
      return cell + ' '.repeat(Math.max(0, missing));
    })
    .join('  ')
    .trimEnd();
}

/** How many characters the longest text of each column has, as it is shown. */
export function measureColumns(lines: string[][]): number[] {
  const lengths = lines.map((line) => line.map((cell) => countCharacters(showText(cell))));
  return (lines[0] ?? []).map((_, column) => Math.max(...lengths.map((line) => line[column] ?? 0)));
}

/** Rows under headings, in aligned columns of plain text. */
export function formatTable(headings: string[], rows: string[][]): string {
  const lines = [headings, ...rows];
  const widths = measureColumns(lines);
  return lines.map((line) => formatRow(line, widths)).join('\n');
}

export const formatJson = (value: unknown): string => JSON.stringify(value, null, 2);

export function printJson(value: unknown): void {
  console.log(formatJson(value));
}
