import type { TopRow } from '../../../query/answers';

/** Rows by value, count or change; the more frequent first where these are the same. */
export function inOrder(
  rows: readonly TopRow[],
  column: 'value' | 'count' | 'change',
  isRising: boolean,
): readonly TopRow[] {
  const compare = comparisons[column];
  const sign = isRising ? 1 : -1;
  return [...rows].sort((one, other) => sign * compare(one, other) || other.count - one.count);
}

const comparisons: Readonly<Record<'value' | 'count' | 'change', (one: TopRow, other: TopRow) => number>> = {
  value: (one, other) => one.value.localeCompare(other.value, 'en'),
  count: (one, other) => one.count - other.count,
  change: (one, other) => one.count - (one.previous ?? 0) - (other.count - (other.previous ?? 0)),
};
