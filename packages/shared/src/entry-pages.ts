/** The pages of accounts that visitors need: public on every site. */
export const entryPages: readonly string[] = [
  ...['/login', '/register', '/logout', '/forgot-password', '/reset-password'],
  ...['/second-factor', '/secure-account'],
  ...['/check-email', '/confirm-email', '/undo-email'],
];
