/** One tab of a browser that Playwright cannot drive. Elements are found by XPath. */
export type Tab = {
  open: (address: string) => Promise<void>;
  goBack: () => Promise<void>;
  /** Waits for the element and clicks it. Fails when it does not come. */
  click: (xpath: string) => Promise<void>;
  /** Waits for the field and types the text in place of what it holds. */
  fill: (xpath: string, text: string) => Promise<void>;
  /** Types into whatever has the focus. */
  type: (text: string) => Promise<void>;
  press: (key: 'Tab' | 'Enter') => Promise<void>;
  /** The value of a JavaScript expression in the page. */
  read: (expression: string) => Promise<unknown>;
  /** Sets the size of the page, in CSS pixels. */
  resize: (width: number, height: number) => Promise<void>;
};

/** One person's use of a browser: its tabs share their cookies, and nothing with other profiles. */
export type Profile = {
  openTab: () => Promise<Tab>;
  /** What pages reported as errors, where the browser tells. */
  faults: string[];
  close: () => Promise<void>;
};

export type OtherBrowser = {
  openProfile: () => Promise<Profile>;
  close: () => Promise<void>;
};
