/** Hands the browser a file to save, as pretty JSON. */
export function saveFile(name: string, content: unknown): void {
  save(name, JSON.stringify(content, null, 2), 'application/json');
}

/** Hands the browser a text to save. */
export function saveText(name: string, text: string): void {
  save(name, text, 'text/plain');
}

function save(name: string, text: string, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // Some browsers read the file only after the click is done with.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
