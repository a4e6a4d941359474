import type { ComponentChildren } from 'preact';
import { windowMs } from '../../../domain/counters/window';
import type { Estimate, Uniques } from '../../../query/answers';
import type { Feed } from '../live/feed';
import { about, bots, clicks, invalid, late, sessions, toldUntil, visitors } from '../live/feeds';
import { range, show, view, zone } from '../live/state';
import { changeText, countText, percentText } from '../model/numbers';
import type { Metric } from '../model/view';
import { timeText } from '../model/zoned';

/** The figures of the range. Each is a button that draws its series. */
export function Cards() {
  const counted = clicks.answer.value;
  const botCounts = bots.answer.value;
  const botRow = botCounts?.rows.find(({ value }) => value === 'bot');
  const everything = (counted?.sum ?? 0) + (invalid.answer.value?.sum ?? 0);
  return (
    <section class="cards" aria-label="Figures of the range">
      <Card metric="clicks" name="Clicks" feed={clicks} note="exact">
        {counted && <Count count={counted.sum} previous={counted.previous?.sum} />}
      </Card>
      <UniquesCard metric="visitors" name="Visitors" feed={visitors} />
      <UniquesCard metric="sessions" name="Sessions" feed={sessions} />
      <Card metric="bots" name="Bots" feed={bots} note={`${countText(botRow?.count ?? 0)} clicks`}>
        {botCounts && (
          <strong>{botCounts.sum === 0 ? '–' : percentText((botRow?.count ?? 0) / botCounts.sum)}</strong>
        )}
      </Card>
      <LateCard clicks={counted?.sum} />
      <Card
        metric="invalid"
        name="Invalid"
        feed={invalid}
        note={shareNote(invalid.answer.value?.sum, everything)}
      >
        {invalid.answer.value && <strong>{countText(invalid.answer.value.sum)}</strong>}
      </Card>
    </section>
  );
}

/** What came late is known an hour after it happened. */
function LateCard({ clicks }: { readonly clicks: number | undefined }) {
  const count = late.answer.value?.sum;
  const until = toldUntil('late');
  const { from, to } = range.value;
  if (until <= from) {
    return (
      <Card metric="late" name="Late" feed={late} note="known after an hour">
        <strong>–</strong>
      </Card>
    );
  }
  const share = shareNote(count, clicks);
  const note = until < to ? `${share}, until ${timeText(until, zone.value)}` : share;
  return (
    <Card metric="late" name="Late" feed={late} note={note}>
      {count !== undefined && <strong>{countText(count)}</strong>}
    </Card>
  );
}

function shareNote(count: number | undefined, all: number | undefined): string {
  if (!count || !all) return 'none';
  return `${percentText(count / all)} of all`;
}

function UniquesCard({
  metric,
  name,
  feed,
}: {
  readonly metric: Metric;
  readonly name: string;
  readonly feed: Feed<Uniques>;
}) {
  const answer = feed.answer.value;
  const estimate = answer?.estimate;
  const isOff = about.answer.value?.uniqueVisitors === 'off' || (answer && !estimate);
  return (
    <Card metric={metric} name={name} feed={feed} note={isOff ? 'not counted here' : errorNote(answer)}>
      {isOff && <strong>–</strong>}
      {estimate && (
        <span title={estimateTitle(estimate)}>
          {/* The hours of a short range are also those of the one before. */}
          <Count count={estimate.count} previous={isWider(answer) ? undefined : answer.previous?.count} />
        </span>
      )}
    </Card>
  );
}

/** The error, and the hours that were counted, where these are more than the range. */
function errorNote(answer: Uniques | undefined): string {
  if (!answer?.estimate) return '';
  const error = `± ${percentText(answer.estimate.standardError)}`;
  const from = Date.parse(answer.from);
  const to = Date.parse(answer.to);
  return isWider(answer) ? `${error}, ${hoursText(from, to)}` : error;
}

/** Visitors are counted by hours: those of a shorter range are of all hours that it touches. */
function isWider({ from, to }: Uniques): boolean {
  return Date.parse(from) < range.value.from || Date.parse(to) > range.value.to;
}

function hoursText(from: number, to: number): string {
  const end = timeText(to, zone.value);
  return to - from < windowMs.day ? `${timeText(from, zone.value)}–${end}` : `until ${end}`;
}

function estimateTitle({ count, standardError }: Estimate): string {
  const [low, high] = [1 - standardError, 1 + standardError].map((part) =>
    countText(Math.round(count * part)),
  );
  return `Between ${low} and ${high} in two of three cases (one standard error)`;
}

function Count({ count, previous }: { readonly count: number; readonly previous: number | undefined }) {
  return (
    <>
      <strong>{countText(count)}</strong>
      {previous !== undefined && <Change count={count} previous={previous} />}
    </>
  );
}

export function Change({ count, previous }: { readonly count: number; readonly previous: number }) {
  const text = changeText(count, previous);
  if (!text) return null;
  const direction = count > previous ? 'up' : count < previous ? 'down' : 'same';
  return (
    <span class={`change ${direction}`} title={`${countText(previous)} before`}>
      {text}
    </span>
  );
}

function Card({
  metric,
  name,
  feed,
  note,
  children,
}: {
  readonly metric: Metric;
  readonly name: string;
  readonly feed: Feed<unknown>;
  readonly note: string;
  readonly children: ComponentChildren;
}) {
  const isShown = view.value.metric === metric && !view.value.selected;
  return (
    <button
      type="button"
      class={`card ${feed.isStale.value ? 'stale' : ''}`}
      aria-pressed={isShown}
      data-metric={metric}
      onClick={() => show({ metric, selected: undefined })}
    >
      <span class="name">{name}</span>
      <span class="value">{children || <strong>–</strong>}</span>
      <small>{feed.error.value ? feed.error.value.error : note || '\u00a0'}</small>
    </button>
  );
}
