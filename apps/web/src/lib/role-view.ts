const SHOWN = 'signed-in';

/** Shows what is for people with one of these roles, such as a link, on a page that was built for all. */
export function showRoles(roles: readonly string[]): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-when*="role:"]')) {
    const wanted = (element.dataset['when'] ?? '').split(/\s+/).filter((word) => word !== SHOWN);
    const isShown = roles.some((role) => wanted.includes(`role:${role}`));
    element.dataset['when'] = [...wanted, ...(isShown ? [SHOWN] : [])].join(' ');
  }
}
