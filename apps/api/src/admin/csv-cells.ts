/** What makes a spreadsheet take a cell for a formula, at its start or behind the semicolon that some part cells with. */
const formula = /(^|;)('*)(?=[=+\-@\t\r＝＋－＠])/g;
const guarded = /(^|;)'('*)(?=[=+\-@\t\r＝＋－＠])/g;

/** A cell that no spreadsheet runs: an apostrophe makes it text. */
export const guardCell = (text: string): string => text.replace(formula, "$1'$2");

/** The cell as it was before `guardCell`. */
export const readCell = (text: string): string => text.replace(guarded, '$1$2');
