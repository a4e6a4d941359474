import { health, recent } from '../live/feeds';
import { silentSince } from '../live/pulse';
import { countText, durationText } from '../model/numbers';

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
  // The minute that is under way, and the one before, which is whole.
  const whole = points?.at(-2)?.count;
  return (
    <section class="now" aria-label="Now">
      <span class={`pulse ${silentSince.value === undefined ? 'on' : ''}`} aria-hidden="true" />
      {points && <Sparkline counts={points.map(({ count }) => count)} />}
      <p>
        <strong>{whole === undefined ? '–' : countText(whole)}</strong> a minute
        <small>{state ? lagText(state) : 'waiting for the first answer'}</small>
      </p>
    </section>
  );
}

function lagText({ now, countedUntil, lagMs }: NonNullable<typeof health.answer.value>): string {
  if (!countedUntil) return 'nothing counted yet';
  const age = Date.parse(now) - Date.parse(countedUntil);
  const isIdle = lagMs?.counting !== undefined && age > lagMs.counting + 60_000;
  return isIdle ? `nothing new for ${durationText(age)}` : `counted until ${durationText(age)} ago`;
}
