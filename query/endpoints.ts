import { dimensionNames } from '../domain/counters/dimensions';
import { windowSizes } from '../domain/counters/window';
import { longestJudgedDays, readAnomaliesOf } from './anomalies';
import type { About, Series, Top } from './answers';
import type { Endpoint } from './endpoint';
import { readHealth } from './health';
import { openApiDocument } from './openapi';
import type { ParameterName } from './parameters';
import { readSeries } from './series';
import { readTop } from './top';
import { readUniqueEstimates } from './uniques';

const range = ['from', 'to', 'window', 'zone', 'compare'] as const satisfies readonly ParameterName[];

export const endpoints: readonly Endpoint[] = [
  {
    path: '/api/about',
    summary: 'What there is to ask for.',
    parameters: [],
    answer: 'About',
    read: (_given, { pipeline, place, settings }): About => ({
      pipeline,
      ...(place === undefined ? {} : { place }),
      dimensions: dimensionNames,
      windows: windowSizes,
      ...settings,
    }),
  },
  {
    path: '/api/series',
    summary: 'Counts of one value of a dimension, or of all, by window.',
    parameters: ['dimension', 'value', ...range, 'format'],
    answer: 'Series',
    read: readSeries,
    csv: (answer) => {
      const { dimension, value = 'all', points } = answer as Series;
      const rows = points.map(({ at, count }) => ({ dimension, value, window: at, count }));
      return { columns: ['dimension', 'value', 'window', 'count'], rows };
    },
  },
  {
    path: '/api/top',
    summary: 'The most frequent values of a dimension.',
    parameters: ['dimension', ...range, 'limit', 'search', 'format'],
    answer: 'Top',
    read: readTop,
    csv: (answer) => {
      const { dimension, rows } = answer as Top;
      const previous = rows.some((row) => row.previous !== undefined) ? ['previous'] : [];
      return {
        columns: ['dimension', 'value', 'count', ...previous],
        rows: rows.map((row) => ({ dimension, ...row })),
      };
    },
  },
  {
    path: '/api/uniques',
    summary: 'Distinct visitors or sessions, estimated, with the standard error.',
    parameters: ['unique', 'scope', 'value', ...range],
    answer: 'Uniques',
    read: readUniqueEstimates,
  },
  {
    path: '/api/anomalies',
    summary: `Hours that are unlike the same hours of the weeks before, of at most ${longestJudgedDays} days.`,
    parameters: ['from', 'to', 'zone'],
    answer: 'Anomalies',
    read: readAnomaliesOf,
  },
  {
    path: '/api/health',
    summary: 'Whether the numbers can be believed, and up to when.',
    parameters: [],
    answer: 'Health',
    read: (_given, ports) => readHealth(ports),
  },
  {
    path: '/api/openapi.json',
    summary: 'This description.',
    parameters: [],
    answer: 'Document',
    read: () => openApiDocument(endpoints),
  },
];
