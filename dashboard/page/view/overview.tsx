import { computed, signal } from '@preact/signals';
import { windowMs, windowSizes } from '../../../domain/counters/window';
import { anomalies, pageVisitors, sessions, shown, toldUntil, visitors, windows } from '../live/feeds';
import {
  askedZone,
  minute,
  missing,
  previousStart,
  range,
  serverNow,
  show,
  view,
  window,
  zone,
} from '../live/state';
import { countText, percentText } from '../model/numbers';
import { type Picture, pictureOf } from '../model/picture';
import { anomaliesOf, withUnusual } from '../model/unusual';
import type { Metric } from '../model/view';
import { visible } from '../model/visible';
import { rangeText, windowText } from '../model/zoned';
import { Change } from './cards';
import { Chart, zoomBy } from './chart';
import { dimensionTitle } from './dimension-titles';
import { Icon, IconButton } from './icons';
import { Scrolled } from './scrolled';
import { Unusual } from './unusual';

const metricNames: Readonly<Record<Metric, string>> = {
  clicks: 'Clicks',
  visitors: 'Distinct visitors',
  sessions: 'Distinct sessions',
  bots: 'Clicks of bots',
  late: 'Late clicks',
  invalid: 'Invalid lines',
};

const source = computed(() => {
  const { selected, metric } = view.value;
  if (!selected && metric === 'visitors') return visitors;
  return !selected && metric === 'sessions' ? sessions : shown;
});

const picture = computed((): Picture | undefined => {
  const answer = source.value.answer.value;
  const { selected, metric } = view.value;
  if (!answer) return undefined;
  const drawn = pictureOf(
    answer,
    // A window begins some time: once a minute is soon enough.
    Math.max(serverNow(), minute.value * windowMs.minute),
    toldUntil(selected ? undefined : metric),
  );
  return withUnusual(drawn, anomaliesOf(view.value, anomalies.answer.value?.anomalies ?? []));
});

/** Whether the numbers of the picture are listed below it. */
const isListed = signal(false);

/** The series of what is chosen. */
export function Overview() {
  const { selected, metric } = view.value;
  const name = selected ? 'Clicks' : metricNames[metric];
  const drawn = picture.value;
  const error = source.value.error.value;
  return (
    <section class="series" aria-label="Series">
      <header>
        <h2>{selected ? <Selected {...selected} /> : name}</h2>
        <p class="muted">
          {rangeText(range.value.from, range.value.to, zone.value)}
          <Compared />
          <KeptFrom />
        </p>
        <div class="tools">
          <Windows />
          <IconButton icon="zoomOut" label="Zoom out" onClick={() => zoomBy(2)} />
          <IconButton
            icon="table"
            label="Show as a table"
            pressed={isListed.value}
            onClick={() => {
              isListed.value = !isListed.value;
            }}
          />
        </div>
      </header>
      <ZoneNote />
      <LateNote />
      <div class={source.value.isStale.value ? 'stale' : ''}>
        {error && <p class="problem">{[error.error, error.allowed].filter(Boolean).join('; allowed: ')}</p>}
        {drawn ? <Chart picture={drawn} name={name} /> : <div class="chart-frame" />}
      </div>
      <Unusual />
      {drawn && isListed.value && <PointsTable picture={drawn} name={name} />}
    </section>
  );
}

/** What is shown instead of days that cannot be counted. */
function ZoneNote() {
  if (!missing.value) return null;
  const { size, days } = missing.value;
  return (
    <p class="note">
      These are <strong>days and hours of UTC</strong>. Those of {askedZone.value.name.replaceAll('_', ' ')}{' '}
      are added up from {size}s of UTC, which are kept for {days} {days === 1 ? 'day' : 'days'}.
    </p>
  );
}

/** Without it, a series of nothing looks like good news. */
function LateNote() {
  const { selected, metric } = view.value;
  if (selected || metric !== 'late' || toldUntil('late') > range.value.from) return null;
  return (
    <p class="note">
      A click counts as late when it comes more than an hour after it happened, and it counts in the minute in
      which it happened: of the last hour, none is known yet.
    </p>
  );
}

/** Of old windows there may be a part alone. */
function KeptFrom() {
  const { keptFrom } = source.value.answer.value ?? {};
  return keptFrom === undefined ? null : (
    <span>
      {' '}
      · whole from {windowText(Date.parse(keptFrom), 'day', zone.value)} on; before, what was counted of late
    </span>
  );
}

function Compared() {
  const { compare, metric, selected } = view.value;
  if (!compare) return null;
  const { from, to } = range.value;
  const isEstimate = !selected && (metric === 'visitors' || metric === 'sessions');
  return (
    <span class="compared">
      {' '}
      compared with {rangeText(previousStart.value, previousStart.value + (to - from), zone.value)}
      {isEstimate && ' (the figure; its series is not kept beside)'}
    </span>
  );
}

function Selected({ dimension, value }: { readonly dimension: string; readonly value: string }) {
  const answer = shown.answer.value;
  const estimate = pageVisitors.answer.value?.estimate;
  return (
    <span class="subject">
      <span class="chip">
        <span class="muted">{dimensionTitle(dimension).one}</span>{' '}
        <bdi title={visible(value)}>{visible(value)}</bdi>
        <IconButton icon="close" label="Show everything" onClick={() => show({ selected: undefined })} />
      </span>
      {answer && (
        <span class="value">
          {countText(answer.sum)} clicks{' '}
          {answer.previous && <Change count={answer.sum} previous={answer.previous.sum} />}
        </span>
      )}
      {estimate && (
        <span class="value muted">
          {countText(estimate.count)} visitors ± {percentText(estimate.standardError)}
        </span>
      )}
    </span>
  );
}

function Windows() {
  if (windows.value.length < 2) return null;
  return (
    <label class="choice list">
      <span class="unseen">Cut into</span>
      <select
        value={window.value}
        onChange={({ currentTarget }) => show({ window: currentTarget.value as typeof window.value })}
      >
        {windowSizes
          .filter((size) => windows.value.includes(size))
          .map((size) => (
            <option key={size} value={size}>
              {`${size.charAt(0).toUpperCase()}${size.slice(1)}s`}
            </option>
          ))}
      </select>
      <Icon name="down" />
    </label>
  );
}

function PointsTable({
  picture: { points, window: size, hasPrevious },
  name,
}: {
  readonly picture: Picture;
  readonly name: string;
}) {
  return (
    <Scrolled className="points" label={`${name} as a table`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{size === 'day' ? 'Day' : 'From'}</th>
            <th scope="col">{name}</th>
            {hasPrevious && <th scope="col">Before</th>}
          </tr>
        </thead>
        <tbody>
          {points.map(({ at, count, previous, isSoFar, unusual }) => (
            <tr key={at}>
              <th scope="row">
                {windowText(at, size, zone.value)}
                {isSoFar && <small> so far</small>}
                {unusual && <small> {unusual}</small>}
              </th>
              <td>{countText(count)}</td>
              {hasPrevious && <td>{previous ? countText(previous.count) : '–'}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}
