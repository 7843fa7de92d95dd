import tokens from '../styles/tokens.css?raw';

/** The colour of the paper, for the browser's own frame around the page; null where the styles have no such pair. */
export function readThemeColors(): { light: string; dark: string } | null {
  const [, light, dark] =
    /--paper:\s*light-dark\(\s*([^,]+?)\s*,\s*([^)]+?)\s*\)/.exec(tokens) ?? [];
  return light && dark ? { light, dark } : null;
}
