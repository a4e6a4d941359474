import { show, view } from '../live/state';
import type { RangeName } from '../model/range';
import { helpIsOpen, pickerIsOpen } from './open';
import { pick, rangeKeys } from './range-picker';
import { shortcuts } from './theme';

const ranges = new Map(
  Object.entries(rangeKeys).map(([name, key]) => [key.toLowerCase(), name as RangeName]),
);

/** The page by keys, unless somebody types, or has switched them off. */
export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
      return;
    if (shortcuts.value === 'off' || document.querySelector('dialog[open]')) return;
    const act = actionOf(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, select, textarea');
}

function actionOf(key: string): (() => void) | undefined {
  const name = ranges.get(key.toLowerCase());
  if (name) return () => pick(name);
  return actions[key.toLowerCase()];
}

const actions: Readonly<Record<string, () => void>> = {
  x: () => show({ compare: !view.peek().compare }),
  c: () => {
    pickerIsOpen.value = true;
    // The form is there after the next drawing.
    requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById('custom-from')?.focus()));
  },
  f: () => void toggleFullScreen(),
  '/': () => show({ all: 'page' }),
  '?': () => {
    helpIsOpen.value = true;
  },
  escape: () => {
    if (view.peek().selected && !pickerIsOpen.peek()) show({ selected: undefined });
  },
};

export async function toggleFullScreen(): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen();
  } catch {
    // The browser forbids it, in a frame for one: nothing is lost.
  }
}
