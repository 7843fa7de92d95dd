/** One thing that was looked at. `advice` says what to do about it. */
export type Finding = {
  state: 'ok' | 'warning' | 'problem';
  title: string;
  detail: string;
  advice?: string;
};

export const ok = (title: string, detail: string): Finding => ({ state: 'ok', title, detail });
export const warning = (title: string, detail: string, advice: string): Finding => ({
  state: 'warning',
  title,
  detail,
  advice,
});
export const problem = (title: string, detail: string, advice: string): Finding => ({
  state: 'problem',
  title,
  detail,
  advice,
});
