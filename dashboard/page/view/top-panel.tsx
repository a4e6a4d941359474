import { useEffect, useMemo } from 'preact/hooks';
import { topFeed } from '../live/feeds';
import { show, view } from '../live/state';
import { countText } from '../model/numbers';
import { dimensionTitle } from './dimension-titles';
import { Icon, IconButton } from './icons';
import { ValueTable } from './value-table';

const rowsShown = 8;

/** The most frequent values of a dimension. */
export function TopPanel({ dimension }: { readonly dimension: string }) {
  const feed = useMemo(() => topFeed(dimension, () => rowsShown), [dimension]);
  useEffect(() => feed.stop, [feed]);
  const { one, many } = dimensionTitle(dimension);
  const answer = feed.answer.value;
  const error = feed.error.value;
  const { selected, compare } = view.value;
  const id = `panel-${dimension}`;
  return (
    <section class={`panel top-${dimension} ${feed.isStale.value ? 'stale' : ''}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{many}</h2>
        {answer && answer.values > rowsShown && <span class="muted">{countText(answer.values)}</span>}
        <IconButton
          icon="search"
          label={`Search ${many.toLowerCase()}`}
          onClick={() => show({ all: dimension })}
        />
      </header>
      {error && <p class="problem">{error.error}</p>}
      {answer?.rows.length === 0 && <p class="none">None in this range.</p>}
      {answer && answer.rows.length > 0 && (
        <ValueTable
          caption={`The most frequent ${many.toLowerCase()}`}
          heading={one}
          rows={answer.rows}
          sum={answer.sum}
          compared={compare}
          selected={selected?.dimension === dimension ? selected.value : undefined}
          onSelect={(value) => select(dimension, value)}
        />
      )}
      {answer && answer.values > answer.rows.length && (
        <button type="button" class="all" onClick={() => show({ all: dimension })}>
          Show all {countText(answer.values)}
          <Icon name="down" />
        </button>
      )}
    </section>
  );
}

/** Shows the series of a value, or of everything again. */
export function select(dimension: string, value: string): void {
  const { selected } = view.peek();
  const isSelected = selected?.dimension === dimension && selected.value === value;
  show({ selected: isSelected ? undefined : { dimension, value }, all: undefined, search: undefined });
}
