import { randomInt } from 'node:crypto';
import { parseSetCookie } from 'cookie';

/**
 * What a browser does of HTTP: keeps cookies, says where a request comes from, follows nothing by
 * itself. Each has an address of its own (through one trusted proxy), so that limits do not meet.
 */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly address = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;
  readonly url: string;
  readonly #origin: string;

  constructor(url: string, origin: string) {
    this.url = url;
    this.#origin = origin;
  }

  /** Its cookies as a request carries them. */
  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookieHeader && !headers.has('cookie')) headers.set('cookie', this.cookieHeader);
    if (!headers.has('x-forwarded-for')) headers.set('x-forwarded-for', this.address);
    if (init.method === 'POST' && !headers.has('origin')) headers.set('origin', this.#origin);
    const response = await fetch(new URL(path, this.url), { redirect: 'manual', ...init, headers });
    response.headers.getSetCookie().forEach((text) => this.#keep(text));
    return response;
  }

  /** Asks for a page as a browser does when a person follows a link. */
  visit(path: string): Promise<Response> {
    return this.fetch(path, { headers: { accept: 'text/html' } });
  }

  /** Sends a form as a browser without JavaScript does. */
  submit(path: string, fields: Record<string, string>): Promise<Response> {
    return this.fetch(path, {
      method: 'POST',
      headers: { accept: 'text/html' },
      body: new URLSearchParams(fields),
    });
  }

  #keep(text: string): void {
    const { name, value = '', maxAge } = parseSetCookie(text);
    if (maxAge === 0) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
