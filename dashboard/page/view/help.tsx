import { Dialog } from './dialog';
import { helpIsOpen } from './open';
import { rangeKeys, rangeTitles } from './range-picker';
import { shortcuts } from './theme';

const keys: readonly (readonly [string, string])[] = [
  ...(Object.entries(rangeKeys) as [keyof typeof rangeKeys, string][]).map(
    ([name, key]) => [key, rangeTitles[name]] as const,
  ),
  ['C', 'Custom range'],
  ['X', 'Compare with the period before'],
  ['F', 'Full screen'],
  ['/', 'Search pages'],
  ['?', 'This help'],
];

const chartKeys: readonly (readonly [string, string])[] = [
  ['← →', 'The point before, the next'],
  ['Shift ← →', 'Select points'],
  ['Enter', 'Zoom to the selection'],
  ['+ −', 'Zoom in, out'],
  ['Home End', 'The first point, the last'],
  ['Esc', 'Leave'],
];

export function Help() {
  return (
    <Dialog
      title="Keys, and what the numbers mean"
      onClose={() => {
        helpIsOpen.value = false;
      }}
    >
      <div class="help">
        <Keys title="Anywhere" keys={keys} />
        <Keys title="On the chart" keys={chartKeys} />
        <p>
          <strong>Clicks</strong> and every table are exact: each event counts once, in the window of its own
          time. <strong>Visitors</strong> and <strong>sessions</strong> are estimates, with one standard
          error. <strong>Late</strong> clicks came more than an hour after they happened; they are counted
          where they happened, so that none of the last hour is known yet. <strong>So far</strong> marks what
          is not counted whole: the time that is under way, and what came after “counted until”.{' '}
          <strong>Invalid</strong> lines are no events, and count nowhere else.
        </p>
        <label class="check">
          <input
            type="checkbox"
            checked={shortcuts.value === 'on'}
            onChange={({ currentTarget }) => {
              shortcuts.value = currentTarget.checked ? 'on' : 'off';
            }}
          />
          Act on single keys
        </label>
      </div>
    </Dialog>
  );
}

function Keys({
  title,
  keys,
}: {
  readonly title: string;
  readonly keys: readonly (readonly [string, string])[];
}) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
