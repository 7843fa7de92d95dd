/** Who a window's page is for: a person's id, or null for a visitor; undefined where that has just changed. */
type Person = string | null | undefined;

let channel: BroadcastChannel | null = null;

/** Tells the site's other windows, which ask the server before they change anything. */
export function notifyOtherWindows(person?: Person): void {
  channel?.postMessage(person);
}

/** Calls back at once for each message of another window, in a visible window too. */
export function listenToOtherWindows(callback: (person: Person) => void): void {
  const open = () => {
    channel = new BroadcastChannel('latchkey-person');
    channel.addEventListener('message', ({ data }) => callback(data as Person));
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
