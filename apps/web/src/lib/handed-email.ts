/** Where a tab keeps the address that its next page shows. */
export const HANDED_EMAIL_KEY = 'taken-email';
