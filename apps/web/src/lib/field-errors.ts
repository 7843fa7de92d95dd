import type { FieldErrors } from '@latchkey/shared';
import { moveFocus } from './focus.ts';

export function findInput(form: HTMLFormElement, name: string): HTMLInputElement | null {
  const input = form.elements.namedItem(name);
  return input instanceof HTMLInputElement ? input : null;
}

function setFieldError(form: HTMLFormElement, input: HTMLInputElement, text: string): void {
  const place = form.querySelector<HTMLElement>(`#${input.id}-error`);
  if (!place) return;
  place.textContent = text;
  place.hidden = text === '';
  input.ariaInvalid = text === '' ? null : 'true';
}

export function clearFieldErrors(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll('input')) setFieldError(form, input, '');
}

/** Whether the form has a place for one of these faults. */
export function hasPlaceFor(form: HTMLFormElement, fieldErrors: FieldErrors): boolean {
  const ids = Object.keys(fieldErrors).map((name) => findInput(form, name)?.id);
  return ids.some((id) => id !== undefined && form.querySelector(`#${id}-error`) !== null);
}

/** Writes each fault next to its field, and leads to the first. */
export function showFieldErrors(form: HTMLFormElement, fieldErrors: FieldErrors): void {
  const inputs = [...form.querySelectorAll('input')];
  const faulty = inputs.filter(({ name }) => fieldErrors[name]?.[0]);
  for (const input of faulty) setFieldError(form, input, fieldErrors[input.name]?.[0] ?? '');
  moveFocus(form, faulty[0]);
}
