/** What a template makes: a mail without the sender's part of it. */
export type MailContent = {
  recipient: string;
  subject: string;
  text: string;
  html: string;
  /** The mail holds a code that was made for this attempt: the next attempt sends another. */
  hasCode: boolean;
};
