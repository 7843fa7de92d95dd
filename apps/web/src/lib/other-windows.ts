/** Who a window's page is for: a person's id, or null for a visitor; undefined where that has just changed. */
type Person = string | null | undefined;

let channel: BroadcastChannel | null = null;

/** Tells the site's other windows. They ask the server before they believe it. */
export function tellWindows(person?: Person): void {
  channel?.postMessage(person);
}

/** Hears what the other windows tell, at once, also in a window that stays in sight. */
export function hearWindows(hear: (person: Person) => void): void {
  const open = () => {
    channel = new BroadcastChannel('latchkey-person');
    channel.addEventListener('message', ({ data }) => hear(data as Person));
  };
  open();
  // Some browsers do not keep a page with an open channel for the Back button.
  addEventListener('pagehide', () => {
    channel?.close();
    channel = null;
  });
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) open();
  });
}
