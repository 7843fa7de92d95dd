/** Whether the site has the page of the search: it may do without. */
export const hasSearch = Object.keys(import.meta.glob('../pages/search.astro')).length > 0;
