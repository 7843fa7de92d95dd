/** Whether the site has articles: it may do without the pages below `src/pages/blog`. */
export const hasBlog = Object.keys(import.meta.glob('../pages/blog/articles.json.ts')).length > 0;
