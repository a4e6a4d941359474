import { seededRandom } from '../../domain/numbers/random';
import type { Outgoing } from '../../formats/line-reader';
import { outgoingEvent } from '../client/outgoing-event';
import { createClickGenerator } from '../traffic/click-generator';
import type { SiteModel } from '../traffic/site-model';
import { createSiteTimes, siteMinutes } from '../traffic/site-times';
import type { SourceEvent, TimedEvent } from './event-source';
import type { Injector } from './injections';
import type { Schedule } from './schedule';
import type { Template } from './template';

/** Simulated time begins here. */
export const simulatedStart = Date.UTC(2026, 0, 1);

/** Makes the event that happens at a time, one after the other. */
export type EventGenerator = (at: number) => (told: number | undefined) => Outgoing;

/** A site's clicks. The time changes nothing in them but the timestamp. */
export function siteGenerator(site: SiteModel, seed: string): EventGenerator {
  const clicks = createClickGenerator(seededRandom(seed), site);
  return (at) => {
    const click = clicks.next(at);
    return (told = at) => {
      const event = told === at ? click : { ...click, timestamp: new Date(told).toISOString() };
      const { data, partitionKey } = outgoingEvent(event);
      return { data, partitionKey, event };
    };
  };
}

/** A template's events. */
export function templateGenerator(template: Template, seed: string): EventGenerator {
  const random = seededRandom(seed);
  return (at) => {
    // The same draws whatever time the event is told in the end.
    const draws = random.hex(32);
    return (told = at) => template(seededRandom(draws), told);
  };
}

/** Simulated times: as far apart as the site's rate, curve and bursts say. */
export function simulatedTimes(site: SiteModel): () => number {
  const times = createSiteTimes(siteMinutes(site), simulatedStart);
  return () => times.next();
}

export interface GenerationSettings {
  readonly generate: EventGenerator;
  /** When the next event happens. */
  readonly timeOf: () => number;
  readonly schedule: Schedule;
  readonly inject: Injector;
  /** Another run can have the same events, so they have names. */
  readonly seeded: boolean;
}

/** Generated events, without end. */
export async function* syntheticEvents({
  generate,
  timeOf,
  schedule,
  inject,
  seeded,
}: GenerationSettings): AsyncGenerator<SourceEvent, never, undefined> {
  for (let number = 1; ; number++) {
    const at = timeOf();
    const resumeKey = seeded ? String(number) : undefined;
    const timed: TimedEvent = { ok: true, at, outgoing: generate(at), resumeKey };
    for (const event of inject(timed, schedule(at))) yield event;
  }
}
