import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { range, show, view, zone } from '../live/state';
import type { RangeName } from '../model/range';
import { instantOf, localText, rangeText } from '../model/zoned';
import { Icon } from './icons';
import { pickerIsOpen } from './open';

export const rangeTitles: Readonly<Record<RangeName, string>> = {
  live: 'Live, 30 minutes',
  today: 'Today',
  yesterday: 'Yesterday',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  month: 'This month',
  custom: 'Custom',
};

export const rangeKeys: Readonly<Record<Exclude<RangeName, 'custom'>, string>> = {
  live: 'L',
  today: 'D',
  yesterday: 'Y',
  '24h': 'H',
  '7d': 'W',
  '30d': 'T',
  month: 'M',
};

export function pick(name: RangeName): void {
  show({ range: name, from: undefined, to: undefined, window: undefined });
  pickerIsOpen.value = false;
}

/** The range, as a button, and what it can be instead. */
export function RangePicker() {
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const closeOutside = ({ target }: Event): void => {
      if (target instanceof Node && !frame.current?.contains(target)) pickerIsOpen.value = false;
    };
    const closeByKey = ({ key }: KeyboardEvent): void => {
      if (key !== 'Escape' || !pickerIsOpen.peek()) return;
      pickerIsOpen.value = false;
      button.current?.focus();
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('keydown', closeByKey);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('keydown', closeByKey);
    };
  }, []);
  const chosen = view.value.range;
  const { from, to } = range.value;
  return (
    <div class="picker" ref={frame}>
      <button
        type="button"
        class="control"
        ref={button}
        aria-expanded={pickerIsOpen.value}
        onClick={() => {
          pickerIsOpen.value = !pickerIsOpen.value;
        }}
      >
        <Icon name="calendar" />
        <span>{chosen === 'custom' ? rangeText(from, to, zone.value) : rangeTitles[chosen]}</span>
        <Icon name="down" />
      </button>
      {pickerIsOpen.value && (
        <div class="menu">
          <ul>
            {(Object.keys(rangeKeys) as (keyof typeof rangeKeys)[]).map((name) => (
              <li key={name}>
                <button type="button" aria-pressed={chosen === name} onClick={() => pick(name)}>
                  {rangeTitles[name]}
                  <kbd>{rangeKeys[name]}</kbd>
                </button>
              </li>
            ))}
          </ul>
          <CustomRange />
        </div>
      )}
    </div>
  );
}

function CustomRange() {
  const problem = useSignal<string | undefined>(undefined);
  const { from, to } = range.peek();
  const apply = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const [start, end] = ['from', 'to'].map((name) => instantOf(String(given.get(name)), zone.peek()));
    if (start === undefined || end === undefined) problem.value = 'Both need a day and a time';
    else if (start >= end) problem.value = 'The end has to be after the start';
    else {
      show({ range: 'custom', from: start, to: end, window: undefined });
      pickerIsOpen.value = false;
    }
  };
  return (
    <form class="custom" onSubmit={apply}>
      <label>
        From
        <input
          type="datetime-local"
          name="from"
          id="custom-from"
          defaultValue={localText(from, zone.value)}
        />
      </label>
      <label>
        To
        <input type="datetime-local" name="to" defaultValue={localText(to, zone.value)} />
      </label>
      <p class="muted">Clocks of {zone.value.name}</p>
      {problem.value && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" class="control">
        Apply
      </button>
    </form>
  );
}
