/** Hands the browser a file to save, as pretty JSON. */
export function saveFile(name: string, content: unknown): void {
  const file = new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Some browsers read the file only after the click is done with.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
