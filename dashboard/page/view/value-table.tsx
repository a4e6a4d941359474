import type { TopRow } from '../../../query/answers';
import { countText, percentText } from '../model/numbers';
import { visible } from '../model/visible';
import { Change } from './cards';

type Column = 'value' | 'count' | 'change';
export interface Order {
  readonly column: Column;
  readonly isRising: boolean;
}

/** Values with a bar each; a click on one shows its series. */
export function ValueTable({
  caption,
  heading,
  rows,
  sum,
  compared,
  selected,
  onSelect,
  order,
  onOrder,
}: {
  readonly caption: string;
  readonly heading: string;
  readonly rows: readonly TopRow[];
  readonly sum: number;
  readonly compared: boolean;
  readonly selected: string | undefined;
  readonly onSelect: (value: string) => void;
  /** Absent: the rows stand as they are. */
  readonly order?: Order;
  readonly onOrder?: (column: Column) => void;
}) {
  const most = Math.max(...rows.map(({ count }) => count), 1);
  const head = (column: Column, words: string) => (
    <Head column={column} words={words} order={order} onOrder={onOrder} />
  );
  return (
    <table class="values">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {head('value', heading)}
          {head('count', 'Clicks')}
          <th scope="col" class="share">
            Share
          </th>
          {compared && head('change', 'Change')}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ value, count, previous }) => (
          <tr key={value} class={value === selected ? 'selected' : ''}>
            <th scope="row">
              <span class="bar" style={{ '--share': String(count / most) }} aria-hidden="true" />
              <button
                type="button"
                title={visible(value)}
                aria-pressed={value === selected}
                onClick={() => onSelect(value)}
              >
                <bdi>{visible(value)}</bdi>
              </button>
            </th>
            <td>{countText(count)}</td>
            <td class="share">{sum === 0 ? '–' : percentText(count / sum)}</td>
            {compared && (
              <td>{previous === undefined ? '–' : <Change count={count} previous={previous} />}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Head({
  column,
  words,
  order,
  onOrder,
}: {
  readonly column: Column;
  readonly words: string;
  readonly order: Order | undefined;
  readonly onOrder: ((column: Column) => void) | undefined;
}) {
  if (!order || !onOrder) return <th scope="col">{words}</th>;
  const isSorted = order.column === column;
  return (
    <th scope="col" aria-sort={isSorted ? (order.isRising ? 'ascending' : 'descending') : 'none'}>
      <button type="button" class="sort" onClick={() => onOrder(column)}>
        {words}
        <span aria-hidden="true">{isSorted ? (order.isRising ? ' ↑' : ' ↓') : ''}</span>
      </button>
    </th>
  );
}
