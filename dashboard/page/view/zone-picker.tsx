import { askedZone, show, view } from '../live/state';
import { Icon } from './icons';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];

/** The zone whose hours and days are counted. */
export function ZonePicker() {
  const { name } = askedZone.value;
  const offered = zones.includes(name) ? zones : [name, ...zones];
  return (
    <label class="control zone list">
      <span class="unseen">Time zone</span>
      <select
        value={view.value.zone ? name : ''}
        onChange={({ currentTarget }) => show({ zone: currentTarget.value || undefined })}
      >
        <option value="">{view.value.zone ? 'Zone of this browser' : name.replaceAll('_', ' ')}</option>
        {offered.map((zone) => (
          <option key={zone} value={zone}>
            {zone.replaceAll('_', ' ')}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  );
}
