import { effect, signal } from '@preact/signals';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** A choice of this browser's, and not of the address: who opens a link has eyes of their own. */
function stored<Value extends string>(name: string, allowed: readonly Value[], otherwise: Value) {
  const choice = signal<Value>(otherwise);
  try {
    const kept = localStorage.getItem(name);
    choice.value = allowed.find((value) => value === kept) ?? otherwise;
  } catch {
    // A browser that keeps nothing: the choice lasts as long as the page.
  }
  effect(() => {
    const { value } = choice;
    try {
      localStorage.setItem(name, value);
    } catch {
      // As above.
    }
  });
  return choice;
}

export const theme = stored<Theme>('theme', themes, 'system');
export const shortcuts = stored('shortcuts', ['on', 'off'], 'on');

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
