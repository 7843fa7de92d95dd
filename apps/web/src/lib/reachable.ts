const PATIENCE_MILLISECONDS = 10_000;

/**
 * Whether the server answers where a form goes to. Where it does not, to send the form without the
 * script would lead to the browser's own error page, and what was typed would be lost.
 */
export async function isReachable(form: HTMLFormElement): Promise<boolean> {
  // Not `form.action`: a field of that name would stand in its place.
  const action = form.getAttribute('action') ?? '';
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  return fetch(action, { method: 'HEAD', signal }).then(
    () => true,
    () => false,
  );
}
