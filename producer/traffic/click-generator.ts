import type { ClickEvent } from '../../domain/event/click-event';
import { type Random, weightedPick } from '../../domain/numbers/random';
import { defaultSite } from './default-site';
import type { SiteDevice, SiteModel, SitePage } from './site-model';
import { minuteOf, siteMinutes } from './site-times';

export interface ClickGenerator {
  /**
   * The site's next event, said to happen at `at` (epoch milliseconds). Its other fields do not depend on the time,
   * unless the site has a burst that begins on a page of its own.
   */
  next(at: number): ClickEvent;
}

type Pick<T> = (random: Random) => T;

/** A page as visitors see it: one of those that an entry of the model stands for. */
interface Page {
  readonly path: string;
  readonly title: string | undefined;
  readonly elements: readonly string[];
  /** Where to go from here; undefined: anywhere. */
  readonly next: Pick<Pick<Page>> | undefined;
}

interface Visitor {
  readonly visitorId: string;
  readonly userAgent: string;
  readonly bot: boolean;
}

interface Session {
  readonly visitor: Visitor;
  readonly sessionId: string;
  readonly campaign: string | undefined;
  page: Page | undefined;
  referrer: string | undefined;
}

const rememberedVisitors = 400;

/**
 * Clicks that look like a site's: some visitors at once, each walking from page to page by the pages' links and
 * weights, clicking elements on the way; a few come back later, and a few are bots, which read pages and never
 * click. Everything but the time comes from `random`, so one seed gives one sequence of events.
 */
export function createClickGenerator(random: Random, site: SiteModel = defaultSite): ClickGenerator {
  const { atOnce, meanEvents, clickShare, returningShare, directShare, campaignShare } = site.sessions;
  const { anyPage, entries } = createPages(site.pages);
  const device = createDevices(site.devices);
  const externalReferrer = weightedPick(site.referrers, ({ weight }) => weight);
  const minutes = siteMinutes(site);
  const sessions: Session[] = [];
  const visitors: Visitor[] = [];

  const visitor = (): Visitor => {
    if (visitors.length > 0 && random.chance(returningShare)) return random.pick(visitors);
    const { bot, userAgentOf } = device(random);
    const made = { visitorId: random.hex(16), userAgent: userAgentOf(random), bot };
    // A full memory forgets somebody at random: memory is bounded however long the generator runs.
    if (visitors.length < rememberedVisitors) visitors.push(made);
    else visitors[random.below(rememberedVisitors)] = made;
    return made;
  };

  const session = (): Session => {
    const who = visitor();
    const direct = who.bot || random.chance(directShare);
    const sessionId = random.hex(16);
    const inCampaign = !direct && random.chance(campaignShare) && site.campaigns.length > 0;
    return {
      visitor: who,
      sessionId,
      campaign: inCampaign ? random.pick(site.campaigns) : undefined,
      page: undefined,
      referrer: direct ? undefined : externalReferrer?.(random).url,
    };
  };

  const fields = (of: Session, type: string, on: Page, at: number): ClickEvent => ({
    eventId: random.hex(32),
    type,
    timestamp: new Date(at).toISOString(),
    visitorId: of.visitor.visitorId,
    page: on.path,
    sessionId: of.sessionId,
    userAgent: of.visitor.userAgent,
  });

  const nextPage = (of: Session, at: number): Page => {
    const landing = of.page ? undefined : minutes[minuteOf(at)]!.landing;
    if (landing !== undefined) return entries.get(landing)!(random);
    return (of.page?.next?.(random) ?? anyPage)(random);
  };

  const view = (of: Session, at: number): ClickEvent => {
    const to = nextPage(of, at);
    const event = {
      ...fields(of, 'page_view', to, at),
      ...(to.title !== undefined && { title: to.title }),
      ...(of.referrer !== undefined && { referrer: of.referrer }),
      ...(of.campaign !== undefined && { campaign: of.campaign }),
    };
    of.page = to;
    if (!of.visitor.bot) of.referrer = site.origin + to.path;
    return event;
  };

  return {
    next(at) {
      while (sessions.length < atOnce) sessions.push(session());
      const index = random.below(sessions.length);
      const walking = sessions[index]!;
      const elements = walking.visitor.bot ? undefined : walking.page?.elements;
      const event =
        walking.page && elements && elements.length > 0 && random.chance(clickShare)
          ? { ...fields(walking, 'click', walking.page, at), element: random.pick(elements) }
          : view(walking, at);
      if (random.chance(1 / meanEvents)) sessions[index] = session();
      return event;
    },
  };
}

/** The pages, each with its links; `entries` picks one of those that an entry of the model stands for. */
function createPages(model: readonly SitePage[]) {
  const entries = new Map<string, Pick<Page>>();
  const all: { readonly page: Page; readonly weight: number }[] = [];
  for (const { path, title, weight, count, elements, links } of model) {
    // By path, because an entry may link to one that comes after it.
    const link = weightedPick(Object.entries(links), ([, linkWeight]) => linkWeight);
    const next = link && ((random: Random) => entries.get(link(random)[0])!);
    const ranks = Array.from({ length: count }, (_, index) => index + 1);
    const harmonic = ranks.reduce((sum, rank) => sum + 1 / rank, 0);
    const made = ranks.map((rank) => ({
      page: { path: path.replaceAll('{n}', String(rank)), title, elements, next },
      weight: count === 1 ? weight : weight / rank / harmonic,
    }));
    for (const page of made) all.push(page);
    entries.set(path, pickPage(made));
  }
  return { anyPage: pickPage(all), entries };
}

function pickPage(from: readonly { readonly page: Page; readonly weight: number }[]): Pick<Page> {
  if (from.length === 1) return () => from[0]!.page;
  const pick = weightedPick(from, ({ weight }) => weight)!;
  return (random) => pick(random).page;
}

/** Whether a visitor is a bot comes first, the user agent after. */
function createDevices(devices: readonly SiteDevice[]) {
  const weigh = (some: readonly SiteDevice[]) => some.reduce((sum, { weight }) => sum + weight, 0);
  const bots = devices.filter(({ bot }) => bot);
  const botShare = weigh(bots) / weigh(devices);
  const pickBot = weightedPick(bots, ({ weight }) => weight);
  const pickPerson = weightedPick(
    devices.filter(({ bot }) => !bot),
    ({ weight }) => weight,
  );
  return (random: Random) => {
    const bot = random.chance(botShare);
    const pick = (bot ? pickBot : pickPerson) ?? pickPerson ?? pickBot!;
    return { bot, userAgentOf: (from: Random) => pick(from).userAgent };
  };
}
