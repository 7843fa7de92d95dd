import { ClosedIndexError, findPages, holdsPrivate, prepareSearch } from './search-index.ts';
import { createResult, describeResults } from './search-results.ts';

/** After the last key. */
const PAUSE_MILLISECONDS = 200;
/** What is answered sooner needs no word that it comes. */
const PATIENCE_MILLISECONDS = 500;
const failure =
  'The search could not be loaded. Check your connection, and press Search again. What you typed is still there.';
const nothingToSearch = import.meta.env.DEV
  ? 'The search works on the built site: run “npm run build”, then “npm start”.'
  : 'There is nothing to search on this site yet.';

const root = document.documentElement;

type SearchPage = {
  form: HTMLFormElement;
  field: HTMLInputElement;
  status: HTMLElement;
  list: HTMLElement;
  logIn: HTMLAnchorElement;
};

/** The number of the last search: what an earlier one finds is shown no more. */
let last = 0;

/** So that a reload and the Back button find the same words, and so does who logs in from here. */
function keepInAddress({ logIn }: SearchPage, query: string): void {
  const path = location.pathname + (query && `?${new URLSearchParams({ q: query }).toString()}`);
  history.replaceState(history.state, '', path);
  logIn.search = new URLSearchParams({ next: path }).toString();
}

function clear({ status, list }: SearchPage): void {
  last += 1;
  list.replaceChildren();
  status.textContent = '';
}

/** Nothing of what somebody else may not read stays here, in memory either. */
function leave(page: SearchPage): void {
  clear(page);
  location.reload();
}

async function search(page: SearchPage): Promise<void> {
  const query = page.field.value.trim().replace(/\s+/g, ' ');
  keepInAddress(page, query);
  if (query === '') return clear(page);
  last += 1;
  const own = last;
  const tell = (text: string) => {
    if (own === last) page.status.textContent = text;
  };
  const timer = setTimeout(() => tell('Searching…'), PATIENCE_MILLISECONDS);
  try {
    const findings = await findPages(query);
    if (own !== last) return;
    page.list.replaceChildren(...(findings ?? []).map(createResult));
    tell(findings ? describeResults(findings.length, query) : nothingToSearch);
  } catch (fault) {
    if (fault instanceof ClosedIndexError) return leave(page);
    if (own === last) page.list.replaceChildren();
    tell(failure);
  } finally {
    clearTimeout(timer);
  }
}

/** Somebody logged in or out in another window. */
function followSession(page: SearchPage): void {
  if (root.dataset['session'] === 'out' && holdsPrivate()) leave(page);
  else if (page.field.value.trim()) void search(page);
}

function findParts(): SearchPage | null {
  const form = document.querySelector<HTMLFormElement>('.search');
  const field = form?.querySelector<HTMLInputElement>('input');
  const status = document.querySelector<HTMLElement>('.search-status');
  const list = document.querySelector<HTMLElement>('.results');
  const logIn = document.querySelector<HTMLAnchorElement>('.search-scope a');
  return form && field && status && list && logIn ? { form, field, status, list, logIn } : null;
}

function start(page: SearchPage): void {
  const { form, field } = page;
  document.querySelector('.search-without-script')?.remove();
  let timer: ReturnType<typeof setTimeout>;
  field.addEventListener('focus', () => void prepareSearch().catch(() => undefined), {
    once: true,
  });
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void search(page), PAUSE_MILLISECONDS);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(timer);
    void search(page);
  });
  new MutationObserver(() => followSession(page)).observe(root, {
    attributeFilter: ['data-session'],
  });
  // A page that comes back as it was may come back to somebody else.
  addEventListener('pagehide', () => {
    if (holdsPrivate()) clear(page);
  });
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted && field.value.trim()) void search(page);
  });
  const query = new URLSearchParams(location.search).get('q');
  if (query) field.value = query;
  if (field.value.trim()) void search(page);
}

const page = findParts();
if (page) start(page);
