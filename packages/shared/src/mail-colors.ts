/** The colours of a mail, as CSS takes them. */
export type MailColors = Record<
  'paper' | 'surface' | 'ink' | 'soft' | 'line' | 'action' | 'onAction',
  string
>;
