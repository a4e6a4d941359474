import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Top } from '../../../query/answers';
import { csvText } from '../../../report/csv';
import { ask } from '../live/answers';
import { topFeed, topQuestion } from '../live/feeds';
import { show, view } from '../live/state';
import { countText } from '../model/numbers';
import { inOrder } from '../model/order';
import { Dialog } from './dialog';
import { dimensionTitle } from './dimension-titles';
import { Icon } from './icons';
import { saveFile } from './save-file';
import { Scrolled } from './scrolled';
import { select } from './top-panel';
import { type Order, ValueTable } from './value-table';

const rowsAtOnce = 200;
/** The most that the API gives. */
const mostRows = 1_000;

/** All values of a dimension, with search, sorting and a file. */
export function AllValues({ dimension }: { readonly dimension: string }) {
  const limit = useSignal(rowsAtOnce);
  const order = useSignal<Order>({ column: 'count', isRising: false });
  const feed = useMemo(
    () =>
      topFeed(
        dimension,
        () => limit.value,
        () => view.value.search,
      ),
    [dimension],
  );
  useEffect(() => feed.stop, [feed]);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const { one, many } = dimensionTitle(dimension);
  const { search = '', compare, selected } = view.value;
  const answer = feed.answer.value;
  const rows = answer ? inOrder(answer.rows, order.value.column, order.value.isRising) : [];
  return (
    <Dialog title={many} wide onClose={() => show({ all: undefined, search: undefined })}>
      <div class="search">
        <Icon name="search" />
        <input
          ref={input}
          type="search"
          aria-label={`Search ${many.toLowerCase()}`}
          placeholder={`Search ${many.toLowerCase()}`}
          value={search}
          onInput={({ currentTarget }) => show({ search: currentTarget.value }, false)}
        />
        <button type="button" class="plain" onClick={() => void save(dimension)}>
          <Icon name="download" /> CSV
        </button>
      </div>
      {feed.error.value && <p class="problem">{feed.error.value.error}</p>}
      {answer?.values === 0 && (
        <p class="none">{search ? 'No value has that in it.' : 'None in this range.'}</p>
      )}
      <Scrolled label="Values" className={`scrolled ${feed.isStale.value ? 'stale' : ''}`}>
        {answer && rows.length > 0 && (
          <ValueTable
            caption={`${many} of the range`}
            heading={one}
            rows={rows}
            sum={answer.sum}
            compared={compare}
            selected={selected?.dimension === dimension ? selected.value : undefined}
            onSelect={(value) => select(dimension, value)}
            order={order.value}
            onOrder={(column) => {
              const { column: before, isRising } = order.value;
              order.value = { column, isRising: column === before ? !isRising : column === 'value' };
            }}
          />
        )}
      </Scrolled>
      {answer && answer.values > 0 && (
        <p class="muted foot">
          {countText(rows.length)} of {countText(answer.values)}
          {rows.length < answer.values && ', the most frequent'}
          {rows.length < Math.min(answer.values, mostRows) && (
            <button
              type="button"
              class="plain"
              onClick={() => {
                limit.value = Math.min(limit.value * 5, mostRows);
              }}
            >
              Show more
            </button>
          )}
        </p>
      )}
    </Dialog>
  );
}

/** All values that the search finds, whatever is shown of them. */
async function save(dimension: string): Promise<void> {
  const path = topQuestion(dimension, mostRows, view.peek().search);
  const outcome = path === undefined ? undefined : await ask<Top>(path);
  if (outcome?.kind !== 'answer') return;
  const { rows, from, to } = outcome.answer;
  const names = ['value', 'count', ...(rows[0]?.previous === undefined ? [] : ['previous'])];
  saveFile(`${dimension} ${from} ${to}.csv`.replaceAll(':', ''), csvText(names, rows));
}
