import type { FieldErrors } from './reasons.ts';

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

/**
 * The issues of a failed parse, by the field they belong to. An issue of the whole input stands
 * under the empty name.
 */
export function collectFieldErrors(issues: readonly Issue[]): FieldErrors {
  // Without a prototype, so that a field may be called "constructor".
  const fieldErrors = Object.create(null) as FieldErrors;
  for (const { path, message } of issues) {
    const field = String(path[0] ?? '');
    (fieldErrors[field] ??= []).push(message);
  }
  return fieldErrors;
}
