import type { ClickEvent } from '../domain/event/click-event';
import type { Random } from '../domain/numbers/random';
import { createClickGenerator } from '../producer/traffic/click-generator';
import { defaultSite } from '../producer/traffic/default-site';
import type { SiteModel, SitePage } from '../producer/traffic/site-model';

export interface BusyClick {
  readonly click: ClickEvent;
  /** As it is sent. */
  readonly text: string;
}

const variantsOfDevice = 100;

/** The default site with many visitors at once and a thousand user agents, since versions differ; the first are common. */
function busySite(pages: readonly SitePage[]): SiteModel {
  const devices = defaultSite.devices.flatMap((device) =>
    Array.from({ length: variantsOfDevice }, (_, index) => ({
      ...device,
      userAgent: device.userAgent.replace(/\d+(?=\D*$)/, String(index + 1)),
      weight: device.weight / (index + 1),
    })),
  );
  return { ...defaultSite, pages, devices, sessions: { ...defaultSite.sessions, atOnce: 2000 } };
}

/**
 * Clicks of 350 to 600 bytes, with fields that the pipeline does not know.
 *
 * @param at epoch milliseconds at which the next one happened
 */
export function* busyClicks(
  random: Random,
  at: () => number,
  pages: readonly SitePage[] = defaultSite.pages,
): Generator<BusyClick, never> {
  const generator = createClickGenerator(random, busySite(pages));
  for (;;) {
    const click = {
      ...generator.next(at()),
      language: random.pick(['en-GB', 'de', 'pt-BR']),
      viewport: { width: 320 + random.below(2000), height: 480 + random.below(1200) },
      loadMs: random.below(400_000) / 100,
      scrolled: random.pick([0, 0.25, 0.5, 1]),
    };
    const text = JSON.stringify(click);
    if (text.length >= 350 && text.length <= 600) yield { click, text };
  }
}
