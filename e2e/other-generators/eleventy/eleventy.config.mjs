/** @param {{ addPassthroughCopy: (from: object) => void }} config of Eleventy */
export default function (config) {
  config.addPassthroughCopy({ assets: 'assets', static: '/' });
  return { dir: { input: 'content', includes: '_includes' } };
}
