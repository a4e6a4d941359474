import { computed, effect, signal } from '@preact/signals';
import { windowMs } from '../../../domain/counters/window';
import { timeZoneNamed } from '../../../report/time-zone';
import { canCut, inWholeHours, previousFrom, rangeAt } from '../model/range';
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

/** Days that minutes are kept, 0 for ever; undefined until the server has said so. */
export const minuteDays = signal<number | undefined>(undefined);

/** Whether the days and hours of the zone that is asked for can be counted; undefined until that is known. */
export const isZoneTold = computed(() => {
  const asked = rangeAt(view.value, minuteStart.value, askedZone.value);
  return canCut(asked, askedZone.value, minuteStart.value, minuteDays.value);
});

/** The zone whose days and hours are shown. */
export const zone = computed(() => (isZoneTold.value === false ? utc : askedZone.value));

export const range = computed(() => {
  const wanted = rangeAt(view.value, minuteStart.value, zone.value);
  return isZoneTold.value === false ? inWholeHours(wanted, minuteStart.value) : wanted;
});

export const isPast = computed(() => range.value.to <= minuteStart.value);

export const previousStart = computed(() => previousFrom(view.value, range.value, zone.value));

/** The path of a question, with its parameters. */
export function question(name: string, parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `api/${name}?${new URLSearchParams(given)}`;
}
