import { signal } from '@preact/signals';

/** Goes up whenever it is time to ask again. */
export const pulse = signal(0);

/** Since when the server has said nothing, in epoch milliseconds; undefined while it answers. */
export const silentSince = signal<number | undefined>(undefined);

const everyMs = 5_000;
let timer: ReturnType<typeof setTimeout> | undefined;
let lastBeat = 0;

function beat(): void {
  clearTimeout(timer);
  if (document.hidden) return;
  lastBeat = Date.now();
  pulse.value++;
  timer = setTimeout(beat, everyMs);
}

/** Begins to ask every few seconds, as long as somebody can see the page, and at once when somebody can again. */
export function startPulse(): void {
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.hidden) return;
    timer = setTimeout(beat, Math.max(lastBeat + everyMs - Date.now(), 0));
  });
  addEventListener('online', beat);
  beat();
}

/** Asks again now. */
export const beatNow = beat;

export function heard(): void {
  if (silentSince.value === undefined) return;
  silentSince.value = undefined;
  // What was asked meanwhile has got no answer.
  beat();
}

export function heardNothing(): void {
  silentSince.value ??= Date.now();
}
