/**
 * The cookie that tells a static page's script that this browser is signed in, so that the right
 * navigation is there at first paint. It holds nothing else, and no server trusts it.
 */
export const SIGN_IN_HINT_COOKIE = 'signed-in';
