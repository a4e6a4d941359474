import type { ClickEvent } from '../../domain/event/click-event';
import type { Random } from '../../domain/numbers/random';
import { createClickGenerator } from '../../producer/traffic/click-generator';
import { defaultSite } from '../../producer/traffic/default-site';
import type { SitePage } from '../../producer/traffic/site-model';

const variantsOfDevice = 100;

/** So many pages of one kind, the n-th of which is visited as 1/n. */
export function popularPages(count: number): readonly SitePage[] {
  const product = defaultSite.pages.find(({ path }) => path.startsWith('/product/'))!;
  return [{ ...product, path: '/product/{n}', weight: 1, count }];
}

/**
 * Clicks of 350 to 600 bytes as JSON, with fields that the pipeline does not know: of the default site with a thousand
 * pages, many visitors at once, and a thousand user agents, the first of which are common.
 *
 * @param at epoch milliseconds at which the next one happened
 */
export function* busyClicks(random: Random, at: () => number): Generator<string, never> {
  const devices = defaultSite.devices.flatMap((device) =>
    Array.from({ length: variantsOfDevice }, (_, index) => ({
      ...device,
      userAgent: device.userAgent.replace(/\d+(?=\D*$)/, String(index + 1)),
      weight: device.weight / (index + 1),
    })),
  );
  const sessions = { ...defaultSite.sessions, atOnce: 2_000 };
  const site = { ...defaultSite, pages: popularPages(1_000), devices, sessions };
  const generator = createClickGenerator(random, site);
  for (;;) {
    const click: ClickEvent & Record<string, unknown> = {
      ...generator.next(at()),
      language: random.pick(['en-GB', 'de', 'pt-BR']),
      viewport: { width: 320 + random.below(2000), height: 480 + random.below(1200) },
      loadMs: random.below(400_000) / 100,
      scrolled: random.pick([0, 0.25, 0.5, 1]),
    };
    const text = JSON.stringify(click);
    if (text.length >= 350 && text.length <= 600) yield text;
  }
}
