import type { ComponentChildren } from 'preact';
import type { Health } from '../../../query/answers';
import { health } from '../live/feeds';
import { zone } from '../live/state';
import { conditions } from '../model/condition';
import { countText, durationText } from '../model/numbers';
import { clockText, windowText } from '../model/zoned';

/** Whether the numbers can be believed: in a line, and all that is known on demand. */
export function HealthStrip() {
  const state = health.answer.value;
  if (!state)
    return <div class="health waiting">{health.error.value?.error ?? 'Asking how the pipeline is …'}</div>;
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

function Figures({ state: { lagMs, lastHour, givenUpBatches, alarms } }: { readonly state: Health }) {
  const ringing = alarms?.filter(({ state }) => state === 'ALARM').length;
  return (
    <span class="figures">
      <Figure name="Archive">
        {lagMs?.archive === undefined ? undefined : `${durationText(lagMs.archive)} behind`}
      </Figure>
      <Figure name="Last hour">{`${countText(lastHour.clicks)} clicks, ${countText(lastHour.duplicates)} duplicates`}</Figure>
      <Figure name="Given up">{givenUpBatches === undefined ? undefined : countText(givenUpBatches)}</Figure>
      <Figure name="Alarms">{alarms && `${ringing} of ${alarms.length}`}</Figure>
    </span>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  if (children === undefined) return null;
  return (
    <span class="figure">
      <span class="name">{name}</span> {children}
    </span>
  );
}

function Shards({ state: { shards, now } }: { readonly state: Health }) {
  return (
    <table>
      <caption>Shards, and the latest arrival that each has counted</caption>
      <tbody>
        {shards.map(({ shard, countedUntil }) => (
          <tr key={shard}>
            <th scope="row">{shard}</th>
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

const states = { ALARM: 'Alarm', OK: 'OK', INSUFFICIENT_DATA: 'No data' } as const;

function Alarms({ alarms }: { readonly alarms: Health['alarms'] | undefined }) {
  if (!alarms) return <p class="muted">Nobody evaluates alarms here.</p>;
  return (
    <table class="alarms">
      <caption>Alarms</caption>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Alarm</th>
          <th scope="col">Value, threshold</th>
          <th scope="col">Since</th>
        </tr>
      </thead>
      <tbody>
        {[...alarms]
          .sort((one, other) => Number(other.state === 'ALARM') - Number(one.state === 'ALARM'))
          .map(({ name, state, since, description, value, threshold, runbook }) => (
            <tr key={name}>
              <td>
                <span class={`state ${state}`}>{states[state]}</span>
              </td>
              <th scope="row">
                {name}
                <small>
                  {description} ({runbook})
                </small>
              </th>
              <td>
                {value === undefined ? '–' : value} / {threshold}
              </td>
              <td>{windowText(Date.parse(since), 'minute', zone.value)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
