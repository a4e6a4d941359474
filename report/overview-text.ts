import { printable } from '../cli/terminal-text';
import type { Overview } from './overview';
import { alignedTable } from './table-text';

/** The overview for people. */
export function overviewText(overview: Overview, columns: number): string {
  const { hours, topPages, clicks, late, duplicates, invalid } = overview;
  const sums = [
    `${number(clicks)} ${clicks === 1 ? 'click' : 'clicks'}`,
    ...(late > 0 ? [`${number(late)} late`] : []),
    ...(duplicates > 0 ? [`${number(duplicates)} ${duplicates === 1 ? 'duplicate' : 'duplicates'}`] : []),
    `${number(invalid)} invalid`,
  ];
  const byHour = hours.map(({ window, count }) => [window, number(count)]);
  const byPage = topPages.map(({ value, count }) => [printable(value), number(count)]);
  const pages = byPage.length === 0 ? '' : `\n${alignedTable(['page', 'clicks'], byPage, 0, columns)}`;
  return `The latest ${hours.length === 1 ? 'hour' : `${hours.length} hours`}: ${sums.join(', ')}

${alignedTable(['hour', 'clicks'], byHour, 0, columns)}${pages}
More: npm run report -- --help
`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
