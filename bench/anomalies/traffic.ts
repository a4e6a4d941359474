import type { SiteHours } from '../../domain/anomalies/findings';
import type { ClickEvent } from '../../domain/event/click-event';
import { type Random, seededRandom } from '../../domain/numbers/random';
import { createClickGenerator } from '../../producer/traffic/click-generator';
import type { FaultWindow } from './evaluate';

/** Four weeks to learn from, and two in which things go wrong. */
export const trafficWeeks = { learned: 4, judged: 2 } as const;

/** Something that goes wrong, and what of the counters has to show it. */
export interface Fault extends FaultWindow {
  readonly name: string;
  readonly subject: 'total' | 'type' | 'page' | 'visitor';
  readonly value: string;
}

export interface Traffic extends SiteHours {
  readonly visitors: readonly number[];
  readonly faults: readonly Fault[];
}

interface Act extends Fault {
  /** How often an event is counted: not at all, once, several times. */
  readonly times: (event: ClickEvent, random: Random) => number;
  /** Events of one more visitor, as a share of the hour's. */
  readonly scraped?: number;
}

const pagesJudged = 10;
const dayHours = 24;
const firstJudged = trafficWeeks.learned * 7 * dayHours;

/** How busy a shop is by the hour (UTC) and by the day, from Monday on. */
const hourly = [3, 2, 2, 1, 1, 2, 4, 7, 9, 10, 11, 11, 12, 11, 11, 11, 11, 12, 13, 14, 14, 11, 8, 5];
const daily = [1, 1, 0.97, 0.95, 0.85, 0.7, 0.8];

const everything = () => true;
const of = (field: 'type' | 'page', value: string) => (event: ClickEvent) => event[field] === value;

/** An event of the two weeks: on a day, at an hour, for so many hours. */
function act(
  name: string,
  [subject, value]: readonly [Fault['subject'], string],
  [day, hour, hours]: readonly [day: number, hour: number, hours: number],
  change: { readonly of?: (event: ClickEvent) => boolean; readonly to: number; readonly scraped?: number },
): Act {
  const from = firstJudged + day * dayHours + hour;
  const { of: isOf = everything, to: factor, scraped } = change;
  const times = (event: ClickEvent, random: Random): number => {
    if (!isOf(event)) return 1;
    return Math.floor(factor) + (random.chance(factor % 1) ? 1 : 0);
  };
  return { name, subject, value, from, to: from + hours, times, ...(scraped !== undefined && { scraped }) };
}

const acts: readonly Act[] = [
  act('the site stops for an hour', ['total', 'all'], [1, 14, 1], { to: 0 }),
  act('half of all events are lost', ['total', 'all'], [3, 9, 6], { to: 0.5 }),
  act('three times the visits', ['total', 'all'], [5, 18, 3], { to: 3 }),
  act('a fifth of all events is lost for a day', ['total', 'all'], [10, 0, 24], { to: 0.8 }),
  act('no element is clicked after a deploy', ['type', 'click'], [2, 10, 8], {
    of: of('type', 'click'),
    to: 0,
  }),
  act('a page is gone', ['page', '/search'], [4, 11, 8], { of: of('page', '/search'), to: 0 }),
  act('a page is in the news', ['page', '/category/boots'], [8, 12, 4], {
    of: of('page', '/category/boots'),
    to: 6,
  }),
  act('one visitor makes half of the clicks', ['visitor', 'all'], [9, 13, 2], { to: 1, scraped: 1 }),
];

/** Six weeks of clicks of the producer's own site, counted as the pipeline counts them. */
export function makeTraffic(seed: string, clicksPerHour: number): Traffic {
  const random = seededRandom(`anomalies ${seed}`);
  const clicks = createClickGenerator(seededRandom(`clicks ${seed}`));
  const hours = (trafficWeeks.learned + trafficWeeks.judged) * 7 * dayHours;
  const counted = {
    total: new Array<number>(hours).fill(0),
    visitors: new Array<number>(hours).fill(0),
    types: new Map<string, number[]>(),
    pages: new Map<string, number[]>(),
  };
  const add = (to: Map<string, number[]>, value: string, hour: number): void => {
    if (!to.has(value)) to.set(value, new Array<number>(hours).fill(0));
    to.get(value)![hour]!++;
  };
  let mood = 0;
  for (let hour = 0; hour < hours; hour++) {
    mood = 0.7 * mood + 0.1 * normal(random);
    const usual = (clicksPerHour * hourly[hour % dayHours]!) / 8.2;
    const rate = usual * daily[Math.floor(hour / dayHours) % 7]! * 1.0002 ** hour * Math.exp(mood);
    const number = Math.max(Math.round(rate + Math.sqrt(rate) * normal(random)), 0);
    const under = acts.filter(({ from, to }) => hour >= from && hour < to);
    const seen = new Set<string>();
    const count = ({ type, page, visitorId }: ClickEvent, times: number): void => {
      if (times > 0) seen.add(visitorId);
      for (let time = 0; time < times; time++) {
        counted.total[hour]!++;
        add(counted.types, type, hour);
        add(counted.pages, page, hour);
      }
    };
    for (let index = 0; index < number; index++) {
      const event = clicks.next(hour * 3_600_000);
      count(
        event,
        under.reduce((times, one) => times * one.times(event, random), 1),
      );
    }
    const scraped = under.reduce((sum, one) => sum + Math.round((one.scraped ?? 0) * number), 0);
    for (let index = 0; index < scraped; index++) {
      count({ ...clicks.next(hour * 3_600_000), type: 'page_view', visitorId: 'scraper' }, 1);
    }
    counted.visitors[hour] = seen.size;
  }
  const sum = (series: readonly number[]): number => series.reduce((all, one) => all + one, 0);
  const pages = [...counted.pages].sort(([, a], [, b]) => sum(b) - sum(a)).slice(0, pagesJudged);
  return { ...counted, pages: new Map(pages), faults: acts };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}
