const sentValues = new WeakMap<HTMLInputElement, string>();

/** Call it when a form is sent: its fields can be typed in while the answer is on its way. */
export function rememberValues(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll('input')) sentValues.set(input, input.value);
}

/** Changes a field, unless somebody has edited it since the form was sent. */
export function replaceUnlessEdited(input: HTMLInputElement, value: string): void {
  if (sentValues.get(input) === input.value) input.value = value;
}
