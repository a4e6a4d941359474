import type { TimeZone } from '../../../report/time-zone';
import { shortCount } from '../model/numbers';
import type { Picture } from '../model/picture';
import { evenMarks } from '../model/scale';
import { ticks } from '../model/ticks';
import { dayText, timeText } from '../model/zoned';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Room for the numbers of the axes, in pixels. */
const left = 46;
const right = 24;
const top = 10;
const bottom = 28;
/** A name on the axis of time needs as much. */
const nameWidth = 62;
const nameHeight = 12;

/** Where the window of a place stands, in pixels from the left: every window has the same room. */
export function xOf(place: number, count: number, { width }: Size): number {
  return left + (count < 2 ? 0.5 : place / (count - 1)) * (width - left - right);
}

/** The window that a pointer is over. */
export function placeAt(x: number, count: number, { width }: Size): number {
  const place = Math.round(((x - left) / (width - left - right)) * (count - 1));
  return Math.min(Math.max(place, 0), count - 1);
}

/** Places and counts as pixels. */
interface Scale {
  readonly x: (place: number) => number;
  readonly y: (count: number) => number;
  readonly marks: readonly number[];
}

function scaleOf({ points }: Picture, size: Size): Scale {
  const counts = points.flatMap(({ count, previous }) => [count, previous?.count ?? 0]);
  const marks = evenMarks(Math.max(...counts, 0));
  const base = size.height - bottom;
  return {
    x: (place) => round(xOf(place, points.length, size)),
    y: (count) => round(base - (count / marks.at(-1)!) * (base - top)),
    marks,
  };
}

/** The chart, for eyes. Its numbers are in the table beside it, and are read out by keys. */
export function Drawing({
  picture,
  zone,
  size,
}: {
  readonly picture: Picture;
  readonly zone: TimeZone;
  readonly size: Size;
}) {
  const { points, window } = picture;
  const { width, height } = size;
  const { x, y, marks } = scaleOf(picture, size);
  const base = height - bottom;
  const line = (to: number, count: (place: number) => number | undefined): string => {
    const corners: string[] = [];
    for (let place = 0; place <= to; place++) {
      const value = count(place);
      if (value !== undefined) corners.push(`${x(place)} ${y(value)}`);
    }
    return corners.length === 0 ? '' : `M${corners.join('L')}`;
  };
  const last = points.length - 1;
  const lastWhole = points.findLastIndex(({ isSoFar }) => !isSoFar);
  const whole = line(lastWhole, (place) => points[place]?.count);
  const names = ticks(
    points.map(({ at }) => at),
    Math.max(Math.floor((width - left) / nameWidth), 2),
    zone,
  );
  const latest = y(points[last]?.count ?? 0);
  // Above the dot, or beside it where there is no room.
  const name = latest > top + 2 * nameHeight ? { right: 6, down: -10 } : { right: -10, down: 4 };
  return (
    <g>
      <defs>
        <linearGradient id="shade" x1="0" y1="0" x2="0" y2="1">
          <stop class="shade-top" offset="0" />
          <stop class="shade-end" offset="1" />
        </linearGradient>
      </defs>
      {marks.map((mark) => (
        <g key={mark} class="mark">
          <line x1={left} x2={width - right} y1={y(mark)} y2={y(mark)} />
          <text x={left - 10} y={y(mark)} dy="0.32em" text-anchor="end">
            {shortCount(mark)}
          </text>
        </g>
      ))}
      {names.map((at) => {
        const place = points.findIndex((point) => point.at === at);
        return (
          <text key={at} class="name" x={x(place)} y={height - 8} text-anchor="middle">
            {window === 'day' || timeText(at, zone) === '00:00' ? dayText(at, zone) : timeText(at, zone)}
          </text>
        );
      })}
      {whole && <path class="area" d={`${whole}L${x(lastWhole)} ${base}L${x(0)} ${base}Z`} />}
      <path class="previous" d={line(last, (place) => points[place]?.previous?.count)} />
      <path class="line" d={whole} />
      {lastWhole === 0 && <circle class="dot" cx={x(0)} cy={y(points[0]!.count)} r="4" />}
      {/* No line leads to what is counted so far: it would look like a fall. */}
      {points.slice(lastWhole + 1).map(({ at, count }, place) => (
        <g key={at} class="so-far">
          <line x1={x(lastWhole + 1 + place)} x2={x(lastWhole + 1 + place)} y1={y(count)} y2={base} />
          <circle cx={x(lastWhole + 1 + place)} cy={y(count)} r="3.5" />
        </g>
      ))}
      {points.map(
        ({ at, count, unusual }, place) =>
          unusual && <circle key={at} class="dot unusual" cx={x(place)} cy={y(count)} r="4.5" />,
      )}
      {lastWhole < last && (
        <text class="so-far-name" x={x(last) + name.right} y={latest + name.down} text-anchor="end">
          so far
        </text>
      )}
    </g>
  );
}

/** What is marked and chosen, above the drawing. */
export function Marks({
  picture,
  size,
  marked,
  chosen,
}: {
  readonly picture: Picture;
  readonly size: Size;
  readonly marked: number | undefined;
  readonly chosen: readonly [first: number, last: number] | undefined;
}) {
  const point = marked === undefined ? undefined : picture.points[marked];
  if (!point || marked === undefined) return null;
  const { x, y } = scaleOf(picture, size);
  const base = size.height - bottom;
  return (
    <g>
      {chosen && (
        <rect
          class="chosen"
          x={x(chosen[0])}
          y={top}
          width={x(chosen[1]) - x(chosen[0])}
          height={base - top}
        />
      )}
      <g class="cursor">
        <line x1={x(marked)} x2={x(marked)} y1={top} y2={base} />
        {point.previous && <circle class="dot before" cx={x(marked)} cy={y(point.previous.count)} r="3.5" />}
        <circle class="dot" cx={x(marked)} cy={y(point.count)} r="4.5" />
      </g>
    </g>
  );
}

/** Tenths of a pixel are fine enough, and short. */
function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
