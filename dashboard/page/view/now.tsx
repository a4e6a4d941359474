import { windowMs } from '../../../domain/counters/window';
import { health, recent } from '../live/feeds';
import { silentSince } from '../live/pulse';
import { conditions } from '../model/condition';
import { countText, durationText } from '../model/numbers';
import { countedUpTo } from '../model/picture';

/** Bars of the last half hour; the words beside it say the same. */
function Sparkline({ counts }: { readonly counts: readonly number[] }) {
  const most = Math.max(...counts, 1);
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${counts.length * 4} 24`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {counts.map((count, at) => {
        const height = count === 0 ? 0.6 : Math.max((count / most) * 24, 1.5);
        return <rect key={at} x={at * 4} y={24 - height} width="3" height={height} />;
      })}
    </svg>
  );
}

/** What happens now, and how long ago "now" is. */
export function Now() {
  const points = recent.answer.value?.points;
  const state = health.answer.value;
  // The last whole minute; of a pipeline that has just begun, the one that is under way.
  const [whole, open] = [points?.at(-2)?.count, points?.at(-1)?.count];
  const hasJustBegun = whole === 0 && open !== undefined && open > 0;
  const count = hasJustBegun ? open : whole;
  const isUpToDate = silentSince.value === undefined && state && conditions(state)[0]?.level === 'good';
  return (
    <section class="now" aria-label="Now">
      <span class={`pulse ${isUpToDate ? 'on' : ''}`} aria-hidden="true" />
      {points && <Sparkline counts={points.map(({ count }) => count)} />}
      <p>
        <strong>{count === undefined ? '–' : countText(count)}</strong>{' '}
        {hasJustBegun ? 'this minute' : 'a minute'}
        <small>{state ? lagText(state) : 'waiting for the first answer'}</small>
      </p>
    </section>
  );
}

function lagText(state: NonNullable<typeof health.answer.value>): string {
  const { now, countedUntil } = state;
  if (!countedUntil) return 'nothing counted yet';
  const latest = Date.parse(countedUntil);
  const age = Date.parse(now) - latest;
  const isIdle = (countedUpTo(state) ?? 0) > latest + windowMs.minute;
  return isIdle ? `nothing new for ${durationText(age)}` : `counted until ${durationText(age)} ago`;
}
