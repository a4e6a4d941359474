import { defaultSite } from '../../domain/default-site';
import type { SitePage } from '../../domain/site-model';

/** So many pages of one kind, the n-th of which is visited as 1/n. */
export function popularPages(count: number): readonly SitePage[] {
  const [product] = defaultSite.pages.filter(({ path }) => path.startsWith('/product/'));
  return [{ ...product!, path: pathOfPage('{n}'), weight: 1, count }];
}

/** @param rank from 1, the most popular, on */
export function pathOfPage(rank: number | '{n}'): string {
  return `/product/${rank}`;
}
