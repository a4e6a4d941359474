import { referrerHost } from '../../../domain/derived/referrer';
import { deviceOf } from '../../../domain/derived/user-agent';
import type { ClickEvent } from '../../../domain/event/click-event';

const hourMs = 3_600_000;

/** The product's, but for those that clicks of a page never count in, and what is malformed or comes twice. */
export const dimensions = ['total', 'type', 'page', 'element', 'referrer', 'device', 'bot', 'late'] as const;

/** What a click counts under, in the order of `dimensions`; devices and hosts by the product's functions, which remember them. */
export function valuesOf(click: ClickEvent, arrivedAt: number): readonly (string | undefined)[] {
  const { timestamp, type, page, element, referrer, userAgent } = click;
  const { deviceClass, isBot } = deviceOf(userAgent);
  return [
    'all',
    type,
    page,
    element,
    referrerHost(referrer),
    deviceClass,
    isBot ? 'bot' : 'human',
    arrivedAt - Date.parse(timestamp) > hourMs ? 'late' : undefined,
  ];
}

export function minuteOf({ timestamp }: ClickEvent): string {
  return `minute ${timestamp.slice(0, 16)}:00Z`;
}

/** The minute, the hour and the day, as counters are named after them. */
export function windowsOf(click: ClickEvent): readonly [string, string, string] {
  const { timestamp } = click;
  return [
    minuteOf(click),
    `hour ${timestamp.slice(0, 13)}:00:00Z`,
    `day ${timestamp.slice(0, 10)}T00:00:00Z`,
  ];
}
