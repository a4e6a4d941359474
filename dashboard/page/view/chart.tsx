import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { windowMs, windowStart } from '../../../domain/counters/window';
import { range, serverNow, show, zone } from '../live/state';
import { changeText, countText } from '../model/numbers';
import type { Picture } from '../model/picture';
import { zoomed } from '../model/range';
import { windowText } from '../model/zoned';
import { Drawing, Marks, placeAt, type Size, xOf } from './chart-drawing';

/** A screen reader is told of a window after the mark has come to rest on it. */
const restMs = 250;

/** The picture: with a mouse, drag to zoom; with keys as the help says. Its numbers are also in a table. */
export function Chart({ picture, name }: { readonly picture: Picture; readonly name: string }) {
  const root = useRef<HTMLDivElement>(null);
  const size = useSignal<Size | undefined>(undefined);
  const marked = useSignal<number | undefined>(undefined);
  /** Where choosing windows began. */
  const anchor = useSignal<number | undefined>(undefined);
  const spoken = useSignal('');
  const speaking = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const { points } = picture;
  const last = points.length - 1;

  useEffect(() => {
    const resizing = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      size.value = { width: Math.max(width, 200), height: Math.max(height, 120) };
    });
    resizing.observe(root.current!);
    return () => resizing.disconnect();
  }, []);

  const leave = (): void => {
    marked.value = undefined;
    anchor.value = undefined;
  };
  const chosen = (): readonly [number, number] | undefined => {
    const [here, there] = [marked.value, anchor.value];
    return here === undefined || there === undefined
      ? undefined
      : [Math.min(here, there), Math.max(here, there)];
  };
  const zoom = ([first, end]: readonly [number, number]): void => {
    leave();
    zoomTo(picture, first, end);
  };

  const moveTo = (place: number, isChoosing: boolean): void => {
    const next = Math.min(Math.max(place, 0), last);
    anchor.value = isChoosing ? (anchor.value ?? marked.value ?? next) : undefined;
    marked.value = next;
    clearTimeout(speaking.current);
    speaking.current = setTimeout(() => {
      spoken.value = pointText(picture, next, name);
    }, restMs);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = marked.value;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: (at ?? last + 1) - 1,
      ArrowRight: (at ?? last - 1) + 1,
      PageUp: (at ?? last) - 10,
      PageDown: (at ?? last) + 10,
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to !== undefined) moveTo(to, event.shiftKey);
    else if (event.key === 'Enter' && at !== undefined) zoom(chosen() ?? [at, at]);
    else if (event.key === '+') zoomBy(0.5);
    else if (event.key === '-') zoomBy(2);
    else if (event.key === 'Escape' && at !== undefined) leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const room = size.value;
  const clocks = zone.value;
  // The same as long as the numbers are: a mark that moves draws no more than itself.
  const drawing = useMemo(
    () => room && <Drawing picture={picture} zone={clocks} size={room} />,
    [picture, clocks, room],
  );

  const placeOf = ({ clientX }: PointerEvent): number =>
    placeAt(clientX - root.current!.getBoundingClientRect().left, points.length, size.value!);
  return (
    <div class="chart-frame">
      <div
        class="chart"
        ref={root}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk along it
        tabIndex={0}
        role="application"
        aria-roledescription="chart"
        aria-label={`${name}, ${points.length} points${soFarText(picture)}. Arrow keys read them.`}
        onKeyDown={onKeyDown}
        onBlur={leave}
        onPointerMove={(event) => {
          if (points.length > 0 && size.value) marked.value = placeOf(event);
        }}
        onPointerLeave={() => anchor.value === undefined && leave()}
        onPointerDown={(event) => {
          if (event.button !== 0 || event.pointerType === 'touch' || points.length === 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          anchor.value = placeOf(event);
        }}
        onPointerUp={() => {
          const range = chosen();
          anchor.value = undefined;
          if (range && range[0] < range[1]) zoom(range);
        }}
        onPointerCancel={leave}
        onDblClick={() => zoomBy(2)}
      >
        {room && (
          <svg width={room.width} height={room.height} aria-hidden="true">
            {drawing}
            <Marks picture={picture} size={room} marked={marked.value} chosen={chosen()} />
          </svg>
        )}
      </div>
      {room && marked.value !== undefined && <Tip picture={picture} place={marked.value} size={room} />}
      <p class="unseen" aria-live="polite">
        {spoken}
      </p>
    </div>
  );
}

function zoomTo({ points, window }: Picture, first: number, last: number): void {
  const from = points[first]?.at;
  const to = points[last]?.at;
  if (from === undefined || to === undefined) return;
  // A minute is the finest there is, and one alone is no picture.
  const end = Math.max(points[last + 1]?.at ?? to + windowMs[window], from + 5 * windowMs.minute);
  show({ range: 'custom', from, to: end, window: undefined });
}

/** Shows more or less around the range that is asked for: the picture may still be the one of before. */
export function zoomBy(factor: number): void {
  const now = windowStart('minute', serverNow()) + windowMs.minute;
  show({ range: 'custom', ...zoomed(range.peek(), factor, now), window: undefined });
}

/** Of the latest points, which are not counted whole. */
function soFarText({ points }: Picture): string {
  const open = points.filter(({ isSoFar }) => isSoFar).length;
  if (open === 0) return '';
  return open === points.length
    ? ', counted so far'
    : `, the last${open === 1 ? '' : ` ${open}`} counted so far`;
}

function pointText({ points, window }: Picture, place: number, name: string): string {
  const point = points[place];
  if (!point) return '';
  const before = point.previous ? `, before: ${countText(point.previous.count)}` : '';
  const open = point.isSoFar ? ', so far' : '';
  const unusual = point.unusual ? `, ${point.unusual}` : '';
  return `${windowText(point.at, window, zone.peek())}: ${countText(point.count)} ${name.toLowerCase()}${before}${open}${unusual}`;
}

function Tip({
  picture: { points, window },
  place,
  size,
}: {
  readonly picture: Picture;
  readonly place: number;
  readonly size: Size;
}) {
  const point = points[place];
  if (!point) return null;
  const left = xOf(place, points.length, size);
  const change = point.previous && changeText(point.count, point.previous.count);
  return (
    <div
      class={`tip ${left > size.width / 2 ? 'to-left' : ''}`}
      style={{ '--left': `${left}px` }}
      aria-hidden="true"
    >
      <span>{windowText(point.at, window, zone.value)}</span>
      <strong>{countText(point.count)}</strong>
      {point.isSoFar && <span>so far</span>}
      {point.unusual && <span>{point.unusual}</span>}
      {point.previous && (
        <span>
          {countText(point.previous.count)} on {windowText(point.previous.at, window, zone.value)}
          {change && ` (${change})`}
        </span>
      )}
    </div>
  );
}
