import type { FoundAnomaly } from '../../../query/answers';
import { anomalies } from '../live/feeds';
import { show, view, zone } from '../live/state';
import { unusualText } from '../model/unusual';
import { visible } from '../model/visible';
import { rangeText } from '../model/zoned';

/** The unusual hours of the range, whatever they are of; those of a page or type lead to it. */
export function Unusual() {
  const found = anomalies.answer.value?.anomalies ?? [];
  if (found.length === 0) return null;
  return (
    <ul class="unusual" aria-label="Unusual hours">
      {found.map((one) => (
        <li key={`${one.from}${one.subject}${one.value}`}>
          <span class="muted">{rangeText(Date.parse(one.from), Date.parse(one.to), zone.value)}</span>{' '}
          <Subject {...one} /> {unusualText(one)}
          {one.isOpen && ', and may go on'}
        </li>
      ))}
    </ul>
  );
}

function Subject({ subject, value }: FoundAnomaly) {
  if (subject !== 'page' && subject !== 'type') return <strong>Clicks</strong>;
  const { selected } = view.value;
  const name = <bdi>{visible(value)}</bdi>;
  if (selected?.dimension === subject && selected.value === value) return <strong>{name}</strong>;
  return (
    <button type="button" class="link" onClick={() => show({ selected: { dimension: subject, value } })}>
      {name}
    </button>
  );
}
