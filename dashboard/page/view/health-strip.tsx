import type { ComponentChildren } from 'preact';
import type { Health } from '../../../query/answers';
import { about, health } from '../live/feeds';
import { zone } from '../live/state';
import { conditions } from '../model/condition';
import { countText, durationText, percentText } from '../model/numbers';
import { clockText, windowText } from '../model/zoned';

/** Whether the numbers can be believed: in a line, and all that is known on demand. */
export function HealthStrip() {
  const state = health.answer.value;
  const error = health.error.value;
  if (error) return <p class="problem">{error.error}</p>;
  if (!state) return <div class="health waiting">Asking how the pipeline is …</div>;
  const [first, ...more] = conditions(state);
  return (
    <details class={`health ${first!.level}`}>
      <summary>
        <span class="light" aria-hidden="true" />
        <span class="condition">
          {first!.text}
          {more.map(({ text }) => (
            <span key={text}> · {text}</span>
          ))}
        </span>
        <Figures state={state} />
      </summary>
      <div class="health-details">
        <Shards state={state} />
        <Alarms alarms={state.alarms} />
      </div>
    </details>
  );
}

function Figures({ state }: { readonly state: Health }) {
  const { lagMs, lastHour, lateness, givenUpBatches, alarms } = state;
  const ringing = alarms?.filter(({ state }) => state === 'ALARM').length;
  return (
    <span class="figures">
      <Figure name="Archive">
        {lagMs?.archive === undefined ? undefined : `${durationText(lagMs.archive)} behind`}
      </Figure>
      <Figure name="Last hour">{lastHourText(lastHour)}</Figure>
      <Figure name="Late" title={latenessTitle(lateness)}>
        {lateness.clicks === 0 ? 'none' : `${percentText(lateness.late / lateness.clicks)} in a day`}
      </Figure>
      <Figure name="Given up">{givenUpBatches === undefined ? undefined : countText(givenUpBatches)}</Figure>
      <Figure name="Alarms">{alarms && `${ringing} of ${alarms.length}`}</Figure>
    </span>
  );
}

function lastHourText({ clicks, duplicates, invalid }: Health['lastHour']): string {
  const others = [
    ...(duplicates > 0 ? [`${countText(duplicates)} duplicate`] : []),
    ...(invalid > 0 ? [`${countText(invalid)} invalid`] : []),
  ];
  return [`${countText(clicks)} ${clicks === 1 ? 'click' : 'clicks'}`, ...others].join(', ');
}

/** Of the latest hour none can be known to be late. */
function latenessTitle({ from, to, clicks, late }: Health['lateness']): string {
  const [start, end] = [from, to].map((at) => windowText(Date.parse(at), 'hour', zone.value));
  return `${countText(late)} of ${countText(clicks)} clicks of ${start} to ${end} came more than an hour late`;
}

function Figure({
  name,
  title,
  children,
}: {
  readonly name: string;
  readonly title?: string;
  readonly children: ComponentChildren;
}) {
  if (children === undefined) return null;
  return (
    <span class="figure" title={title}>
      <span class="name">{name}</span> {children}
    </span>
  );
}

function Shards({ state: { shards, now } }: { readonly state: Health }) {
  return (
    <table>
      <caption>Counted up to</caption>
      <tbody>
        {shards.map(({ shard, countedUntil }) => (
          <tr key={shard}>
            <th scope="row" title={shard}>
              {shard.split('/').at(-1)}
            </th>
            <td>
              {countedUntil
                ? `${clockText(Date.parse(countedUntil), zone.value)}, ${durationText(Date.parse(now) - Date.parse(countedUntil))} ago`
                : 'nothing yet'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Alarm = NonNullable<Health['alarms']>[number];

const states = { ALARM: 'rings', OK: 'OK', INSUFFICIENT_DATA: 'no data' } as const;

/** Those that ring with all that is known, the others by their names. */
function Alarms({ alarms }: { readonly alarms: readonly Alarm[] | undefined }) {
  if (!alarms) return <p class="muted">Nobody evaluates alarms here.</p>;
  const ringing = alarms.filter(({ state }) => state === 'ALARM');
  return (
    <div class="alarms">
      <h2>Alarms</h2>
      {ringing.map((alarm) => (
        <Ringing key={alarm.name} alarm={alarm} />
      ))}
      <ul>
        {alarms
          .filter(({ state }) => state !== 'ALARM')
          .map(({ name, state, description }) => (
            <li key={name} title={description}>
              <span class={`state ${state}`}>{states[state]}</span> {shortName(name)}
            </li>
          ))}
      </ul>
    </div>
  );
}

function Ringing({
  alarm: { name, since, description, value, threshold, runbook },
}: {
  readonly alarm: Alarm;
}) {
  return (
    <p class="ringing">
      <span class="state ALARM">{shortName(name)}</span> since{' '}
      {windowText(Date.parse(since), 'minute', zone.value)}
      {value !== undefined && `: ${value}, the threshold is ${threshold}`}. {description}{' '}
      <code>{runbook}</code>
    </p>
  );
}

/** All names begin with the pipeline's. */
function shortName(name: string): string {
  const pipeline = about.answer.value?.pipeline;
  return pipeline && name.startsWith(`${pipeline}-`) ? name.slice(pipeline.length + 1) : name;
}
