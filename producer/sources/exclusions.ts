/** Whether a page is left out. */
export type PageFilter = (page: string) => boolean;

/** What browsers fetch to show a page, and nobody visits. */
const assets = [
  ...['.css', '.js', '.mjs', '.map', '.wasm', '.webmanifest'],
  ...['.png', '.jpg', '.jpeg', '.gif', '.svg', '.webp', '.avif', '.bmp', '.ico', '.cur'],
  ...['.woff', '.woff2', '.ttf', '.otf', '.eot'],
  ...['/favicon*', '/apple-touch-icon*'],
];

const extension = /^\.\w+$/;
const path = /^\/[^*]*\*?$/;
const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i;

/** For an option's error. */
export const allowedExclusions =
  'assets (images, style sheets, scripts, fonts, favicons), an extension (.css), a path (/health) or all below one (/static/*)';

/** The patterns of a list with commas; undefined if one of them is none. */
export function parseExclusions(list: string): readonly string[] | undefined {
  const patterns = list.split(',').map((each) => each.trim());
  const isPattern = (each: string) => each === 'assets' || extension.test(each) || path.test(each);
  return patterns.every(isPattern) ? patterns : undefined;
}

/** Extensions match whatever their case is, paths as they are; of a page that is a whole address its path counts. */
export function createPageFilter(patterns: readonly string[]): PageFilter {
  const all = patterns.flatMap((pattern) => (pattern === 'assets' ? assets : [pattern]));
  const extensions = new Set(all.filter((each) => each.startsWith('.')).map((each) => each.toLowerCase()));
  const paths = new Set(all.filter((each) => each.startsWith('/')));
  const beginnings = [...paths].filter((each) => each.endsWith('*')).map((each) => each.slice(0, -1));
  return (page) => {
    const place = page.replace(origin, '');
    const dot = place.lastIndexOf('.');
    if (dot > place.lastIndexOf('/') && extensions.has(place.slice(dot).toLowerCase())) return true;
    return paths.has(place) || beginnings.some((beginning) => place.startsWith(beginning));
  };
}
