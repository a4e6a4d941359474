import { computed, effect, signal } from '@preact/signals';
import { timeZoneNamed } from '../../../report/time-zone';
import { previousFrom, rangeAt } from '../model/range';
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

export const zone = computed(() => {
  const { zone: asked } = view.value;
  return (asked && timeZoneNamed(asked)) || timeZoneNamed(browserZone) || utc;
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
export const minute = signal(Math.floor(Date.now() / 60_000));
effect(() => {
  void ahead.value;
  tick();
});

/** To be called every few seconds. */
export function tick(): void {
  minute.value = Math.floor(serverNow() / 60_000);
}

export const range = computed(() => rangeAt(view.value, minute.value * 60_000, zone.value));

export const isPast = computed(() => range.value.to <= minute.value * 60_000);

export const previousStart = computed(() => previousFrom(view.value, range.value, zone.value));

/** The path of a question, with its parameters. */
export function question(name: string, parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `api/${name}?${new URLSearchParams(given)}`;
}
