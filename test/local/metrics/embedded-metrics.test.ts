import { functionLog } from '../../../domain/function/function-log';
import { recordEmbedded } from '../../../local/metrics/embedded-metrics';

function recorded(line: string) {
  const found: unknown[] = [];
  recordEmbedded(line, (metric, value, options) => found.push([metric, value, options]));
  return found;
}

describe("A line of a function's log", () => {
  it('gives the metrics that the functions put into it, at their own time', () => {
    const lines: string[] = [];
    const source = { project: 'clicks', stage: 'dev', service: 'aggregator' };
    const log = functionLog(
      source,
      (line) => lines.push(line),
      () => 12_345,
    );
    log('INFO', 'batch counted', { records: 11 }, { EventsLate: 3, EventsValid: 7 });
    expect(lines.flatMap(recorded)).toEqual([
      [{ namespace: 'Clickstream', name: 'EventsLate', dimensions: source }, 3, { at: 12_345 }],
      [{ namespace: 'Clickstream', name: 'EventsValid', dimensions: source }, 7, { at: 12_345 }],
    ]);
  });

  const aws = (directive: object) =>
    JSON.stringify({ _aws: { CloudWatchMetrics: [directive] }, a: '1', m: 2, t: 'x' });
  const directive = { Namespace: 'N', Dimensions: [['a'], []], Metrics: [{ Name: 'm' }] };

  it('gives a series for each set of dimensions', () => {
    expect(recorded(aws(directive))).toEqual([
      [{ namespace: 'N', name: 'm', dimensions: { a: '1' } }, 2, {}],
      [{ namespace: 'N', name: 'm', dimensions: {} }, 2, {}],
    ]);
  });

  it.each([
    ['is text', 'START RequestId: 1'],
    ['is another object', '{"level":"INFO","message":"batch counted"}'],
    ['is cut off', aws(directive).slice(0, -5)],
    ['has no namespace', aws({ ...directive, Namespace: undefined })],
    ['has a dimension without a value', aws({ ...directive, Dimensions: [['b']] })],
    ['has a metric that is no number', aws({ ...directive, Metrics: [{ Name: 't' }] })],
    ['has no list of metrics', aws({ ...directive, Metrics: 'm' })],
  ])('gives none if it %s', (_what, line) => {
    expect(recorded(line)).toEqual([]);
  });
});
