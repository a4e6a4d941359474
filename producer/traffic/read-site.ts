import { defaultSite } from './default-site';
import { createModelReader, type ModelReader } from './model-reader';
import type {
  SiteBurst,
  SiteDevice,
  SiteModel,
  SitePage,
  SiteReading,
  SiteReferrer,
  SiteSessions,
} from './site-model';

const mostPages = 100_000;

/**
 * Reads a site model from parsed JSON. Only `pages` is required, and of a page only its `path`; what is left out is
 * as in the built-in site, or as a single page with weight 1 and nothing to click has it.
 */
export function readSite(value: unknown): SiteReading {
  const reader = createModelReader();
  const { origin, eventsPerSecond, sessions, referrers, campaigns, devices, ...rest } = defaultSite;
  const fields = reader.object(value, '', Object.keys(defaultSite));
  const site: SiteModel = {
    origin: reader.text(fields.origin, 'origin', origin),
    eventsPerSecond: reader.number(fields.eventsPerSecond, 'eventsPerSecond', positive, eventsPerSecond),
    sessions: readSessions(reader, fields.sessions ?? {}, sessions),
    pages: reader.list(fields.pages, 'pages', 1, (page, at) => readPage(reader, page, at)),
    devices: optionalList(fields.devices, devices, (list) =>
      reader.list(list, 'devices', 1, (device, at) => readDevice(reader, device, at)),
    ),
    referrers: optionalList(fields.referrers, referrers, (list) =>
      reader.list(list, 'referrers', 0, (referrer, at) => readReferrer(reader, referrer, at)),
    ),
    campaigns: optionalList(fields.campaigns, campaigns, (list) =>
      reader.list(list, 'campaigns', 0, (campaign, at) => reader.text(campaign, at)),
    ),
    diurnal: optionalList(fields.diurnal, rest.diurnal, (list) =>
      reader.list(list, 'diurnal', 0, (hour, at) => reader.number(hour, at, notNegative)),
    ),
    bursts: optionalList(fields.bursts, rest.bursts, (list) =>
      reader.list(list, 'bursts', 0, (burst, at) => readBurst(reader, burst, at)),
    ),
  };
  if (reader.problems().length === 0) checkWhole(reader, site);
  const problems = reader.problems();
  return problems.length === 0 ? { ok: true, site } : { ok: false, problems };
}

const positive = { above: 0, most: 1_000_000 };
const notNegative = { least: 0, most: 1_000_000 };
const share = { least: 0, most: 1 };
const whole = { least: 1, most: mostPages, whole: true };

function readSessions(reader: ModelReader, value: unknown, defaults: SiteSessions): SiteSessions {
  const fields = reader.object(value, 'sessions', Object.keys(defaults));
  const shareOf = (name: Exclude<keyof SiteSessions, 'atOnce' | 'meanEvents'>) =>
    reader.number(fields[name], `sessions.${name}`, share, defaults[name]);
  return {
    atOnce: reader.number(fields.atOnce, 'sessions.atOnce', whole, defaults.atOnce),
    meanEvents: reader.number(
      fields.meanEvents,
      'sessions.meanEvents',
      { least: 1, most: 1_000_000 },
      defaults.meanEvents,
    ),
    clickShare: shareOf('clickShare'),
    returningShare: shareOf('returningShare'),
    directShare: shareOf('directShare'),
    campaignShare: shareOf('campaignShare'),
  };
}

function readPage(reader: ModelReader, value: unknown, at: string): SitePage {
  const fields = reader.object(value, at, ['path', 'title', 'weight', 'count', 'elements', 'links']);
  const path = reader.text(fields.path, `${at}.path`);
  const count = reader.number(fields.count, `${at}.count`, whole, 1);
  if (path !== '' && !path.startsWith('/')) reader.problem(`${at}.path`, path, 'a path that begins with /');
  if (path.includes('{n}') !== count > 1)
    reader.problem(`${at}.path`, path, 'a path with {n} if there is a count above 1, and without it if not');
  const links = reader.object(fields.links ?? {}, `${at}.links`);
  return {
    path,
    title: fields.title === undefined ? undefined : reader.text(fields.title, `${at}.title`),
    weight: reader.number(fields.weight, `${at}.weight`, positive, 1),
    count,
    elements: optionalList(fields.elements, [], (list) =>
      reader.list(list, `${at}.elements`, 0, (element, place) => reader.text(element, place)),
    ),
    links: Object.fromEntries(
      Object.entries(links).map(([to, weight]) => [
        to,
        reader.number(weight, `${at}.links["${to}"]`, positive),
      ]),
    ),
  };
}

function readDevice(reader: ModelReader, value: unknown, at: string): SiteDevice {
  const fields = reader.object(value, at, ['userAgent', 'weight', 'bot']);
  return {
    userAgent: reader.text(fields.userAgent, `${at}.userAgent`),
    weight: reader.number(fields.weight, `${at}.weight`, positive, 1),
    bot: reader.flag(fields.bot, `${at}.bot`, false),
  };
}

function readReferrer(reader: ModelReader, value: unknown, at: string): SiteReferrer {
  const fields = reader.object(value, at, ['url', 'weight']);
  return {
    url: reader.text(fields.url, `${at}.url`),
    weight: reader.number(fields.weight, `${at}.weight`, positive, 1),
  };
}

function readBurst(reader: ModelReader, value: unknown, at: string): SiteBurst {
  const fields = reader.object(value, at, ['at', 'minutes', 'factor', 'page']);
  const time = reader.text(fields.at, `${at}.at`);
  if (time !== '' && !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
    reader.problem(`${at}.at`, time, 'a time of day from 00:00 to 23:59, in UTC');
  return {
    at: time,
    minutes: reader.number(fields.minutes, `${at}.minutes`, { least: 1, most: 1440, whole: true }),
    factor: reader.number(fields.factor, `${at}.factor`, positive),
    page: fields.page === undefined ? undefined : reader.text(fields.page, `${at}.page`),
  };
}

/** What can be said only of all parts together. */
function checkWhole(reader: ModelReader, { pages, diurnal, bursts }: SiteModel): void {
  const paths = new Set<string>();
  for (const [index, { path }] of pages.entries()) {
    if (paths.has(path)) reader.problem(`pages[${index}].path`, path, 'a path that no other page has');
    paths.add(path);
  }
  const total = pages.reduce((sum, { count }) => sum + count, 0);
  if (total > mostPages) reader.problem('pages', total, `at most ${mostPages} pages, counts included`);
  const known = 'the path of one of the pages, as it is written there';
  for (const [index, { links }] of pages.entries()) {
    for (const to of Object.keys(links))
      if (!paths.has(to)) reader.problem(`pages[${index}].links`, to, known);
  }
  for (const [index, { page }] of bursts.entries()) {
    if (page !== undefined && !paths.has(page)) reader.problem(`bursts[${index}].page`, page, known);
  }
  if (diurnal.length !== 24 || diurnal.every((hour) => hour === 0)) {
    reader.problem('diurnal', diurnal, '24 numbers, one for each hour, not all of them 0');
  }
}

function optionalList<T>(
  value: unknown,
  fallback: readonly T[],
  read: (value: unknown) => readonly T[],
): readonly T[] {
  return value === undefined ? fallback : read(value);
}
