import { defaultSite } from '../producer/traffic/default-site';
import type { SitePage } from '../producer/traffic/site-model';

/**
 * So many pages of one kind, the n-th of which is visited as 1/n.
 *
 * @param pathBytes how long a path is, but for the digits of n; without it, `/product/n`
 */
export function popularPages(count: number, pathBytes = 0): readonly SitePage[] {
  const [product] = defaultSite.pages.filter(({ path }) => path.startsWith('/product/'));
  const path = `${'/product/'.padEnd(pathBytes - String(count).length, 'x')}{n}`;
  return [{ ...product!, path, weight: 1, count }];
}
