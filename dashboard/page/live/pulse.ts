import { batch, signal } from '@preact/signals';

/** Goes up every two seconds, as long as somebody can see the page. */
export const pulse = signal(0);

/** Goes up when what is shown may be old: everything is to be asked again now. */
export const wakings = signal(0);

/** Since when the server has said nothing, in epoch milliseconds; undefined while it answers. */
export const silentSince = signal<number | undefined>(undefined);

const everyMs = 2_000;
let timer: ReturnType<typeof setTimeout> | undefined;
let lastBeat = 0;

function beat(): void {
  clearTimeout(timer);
  if (document.hidden) return;
  lastBeat = Date.now();
  pulse.value++;
  timer = setTimeout(beat, everyMs);
}

/** Asks for everything again now. */
export function wake(): void {
  batch(() => {
    wakings.value++;
    beat();
  });
}

/** Begins to beat, stops while nobody can see the page, and wakes when somebody can again. */
export function startPulse(): void {
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.hidden) return;
    // Who looks away for a moment has missed nothing.
    if (Date.now() - lastBeat > everyMs) wake();
    else timer = setTimeout(beat, everyMs);
  });
  addEventListener('online', wake);
  beat();
}

/** What got no answer is asked again at every beat, so that there is nothing to do but to say so. */
export function heard(): void {
  silentSince.value = undefined;
}

export function heardNothing(): void {
  silentSince.value ??= Date.now();
}
