import { computed, effect, signal } from '@preact/signals';
import { windowMs } from '../../../domain/counters/window';
import type { About } from '../../../query/answers';
import { timeZoneNamed } from '../../../report/time-zone';
import { previousFrom } from '../model/range';
import { keptWindow, toldRange } from '../model/told-range';
import { firstView, formatView, parseView, type View } from '../model/view';

const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const utc = timeZoneNamed('UTC')!;

export const view = signal<View>(parseView(location.search));

addEventListener('popstate', () => {
  view.value = parseView(location.search);
});

/** Shows something else; `isStep` if going back should undo it. */
export function show(change: Partial<{ [Name in keyof View]: View[Name] | undefined }>, isStep = true): void {
  const next = { ...firstView, ...view.value, ...change } as View;
  const address = `${location.pathname}${formatView(next)}`;
  if (address === `${location.pathname}${location.search}`) return;
  view.value = parseView(formatView(next));
  if (isStep) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

const zoneName = computed(() => view.value.zone);
/** Made once: a zone remembers what it found out about its clocks. */
export const askedZone = computed(() => {
  const { value: name } = zoneName;
  return (name && timeZoneNamed(name)) || timeZoneNamed(browserZone) || utc;
});

/** How far the server's clock is ahead of the browser's. Ranges that go up to now go by the server's. */
const ahead = signal(0);

export function serverSays(now: string): void {
  const difference = Date.parse(now) - Date.now();
  // Answers travel, and say whole seconds.
  if (Math.abs(difference - ahead.value) > 2_000) ahead.value = difference;
}

export function serverNow(): number {
  return Date.now() + ahead.value;
}

/** The minute that it is, at the server. */
export const minute = signal(Math.floor(Date.now() / windowMs.minute));
effect(() => {
  void ahead.value;
  tick();
});

/** To be called every few seconds. */
export function tick(): void {
  minute.value = Math.floor(serverNow() / windowMs.minute);
}

/** The start of it, in epoch milliseconds. */
const minuteStart = computed(() => minute.value * windowMs.minute);

/** Days that windows are kept, by size; undefined until the server has said so. */
export const retentionDays = signal<About['retentionDays'] | undefined>(undefined);

const told = computed(() => toldRange(view.value, minuteStart.value, askedZone.value, retentionDays.value));
/** Whether it is known what range can be counted. */
export const isRangeKnown = computed(() => told.value.isKnown);
/** Why the days and hours are not those of the zone that is asked for, if they are not. */
export const missing = computed(() => told.value.missing);
/** The zone whose days and hours are shown. */
export const zone = computed(() => told.value.zone);
export const range = computed(() => told.value.range);
/** What the range is cut into. */
export const window = computed(() => keptWindow(range.value, minuteStart.value, retentionDays.value));

export const isPast = computed(() => range.value.to <= minuteStart.value);

export const previousStart = computed(() => previousFrom(view.value, range.value, zone.value));

/** The path of a question, with its parameters. */
export function question(name: string, parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `api/${name}?${new URLSearchParams(given)}`;
}
