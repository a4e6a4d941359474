import { gzipSync } from 'node:zlib';
import { parquetOf } from '../../analytics/duckdb/parquet';
import { busyClicks } from '../../bench/functions/clicks';
import { aggregatorEvents, sequenceNumberOf, transformerEvents } from '../../bench/functions/events';
import { measured } from '../../cost/measured';
import { archiveLine } from '../../domain/archive/archive-line';
import { archiveColumns } from '../../domain/archive/columns';
import { readRecord } from '../../domain/event/record';
import { FunctionEnvironment, functionLog, metricSource } from '../../domain/function/function-log';
import { seededRandom } from '../../domain/numbers/random';
import { readKinesisEvent } from '../../lambda/aggregator/kinesis-event';
import { reportOutcome } from '../../lambda/aggregator/report';
import { reportCompaction } from '../../lambda/compactor/report';
import { createLogBench } from '../support/log-bench';

/** What Lambda adds to a plain text log for each invocation: START, END and REPORT. */
const platformBytes = 270;

const names = { [FunctionEnvironment.project]: 'clickstream', [FunctionEnvironment.stage]: 'prod' };

type Log = ReturnType<typeof functionLog>;

/** What is logged of an invocation in which all went well. */
const logs: Readonly<Record<keyof typeof measured.logBytes, () => Promise<string>>> = {
  aggregator: async () => {
    const shape = { shard: 'shardId-000000000003', events: 1_000, eventsPerRecord: 1 };
    const { shard, records } = readKinesisEvent(JSON.parse(aggregatorEvents(shape).next().value.toString()));
    const outcome = await createLogBench()
      .appender({ deduplicationSeconds: 300 })
      .append(shard, records, new AbortController().signal);
    return collected('aggregator', (log) => reportOutcome(shard, outcome, log));
  },
  compactor: async () => {
    const outcome = { shards: 4, shardsWithGap: [], failedByError: new Map() };
    const counts = { deltas: 240, items: 480, retried: 0, pending: 12, oldestPendingMs: 59_123 };
    const units = { read: 520.5, write: 611 };
    return collected('compactor', (log) => reportCompaction({ ...outcome, ...counts }, units, log));
  },
  transformer: async () => {
    Object.assign(process.env, names);
    // Loaded now, because it reads its environment when it is.
    const { handler } = await import('../../lambda/transformer/handler');
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    await handler(JSON.parse(transformerEvents(1_000_000).next().value.body.toString()));
    const text = write.mock.calls.map(([chunk]) => String(chunk)).join('');
    write.mockRestore();
    return text;
  },
};

function collected(service: string, report: (log: Log) => void): string {
  let text = '';
  const print = (line: string): void => {
    text += `${line}\n`;
  };
  report(functionLog(metricSource(service, names), print, Date.now));
  return text;
}

/** Metrics of a line in the embedded format (AWS docs: CloudWatch embedded metric format); none of any other. */
function metricsOf(line: string): string[] {
  const { _aws: embedded } = JSON.parse(line) as {
    _aws?: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  };
  return (embedded?.CloudWatchMetrics ?? []).flatMap(({ Dimensions, Metrics: metrics }) =>
    Dimensions.flatMap((dimensions) => metrics.map(({ Name }) => `${Name} by ${dimensions.join(', ')}`)),
  );
}

describe('What the bill takes for measured', () => {
  it.each(['aggregator', 'compactor', 'transformer'] as const)(
    'has every metric that the %s sends, and about the bytes that it logs',
    async (name) => {
      const text = await logs[name]();
      const metrics = text.trimEnd().split('\n').flatMap(metricsOf);

      expect(metrics.length).toBe(measured.embeddedMetrics[name]);
      expect(new Set(metrics).size).toBe(metrics.length);
      const bytes = platformBytes + Buffer.byteLength(text);
      expect(bytes / measured.logBytes[name]).toBeCloseTo(1, 1);
    },
  );

  it('has about the bytes that the archive adds to an event, and what gzip and Parquet leave of them', async () => {
    const arrivedAt = Date.UTC(2026, 0, 31, 9, 30);
    const random = seededRandom('sequence numbers');
    const clicks = busyClicks(random, () => arrivedAt);
    let [sequence, events] = [BigInt(sequenceNumberOf(0)), 0];
    const lines = Array.from({ length: 2_000 }, () => {
      const click = clicks.next().value;
      events += click.length;
      // They grow by anything: neighbours do not look alike at the end.
      sequence += BigInt(random.uint32()) * BigInt(random.uint32());
      const place = { arrivedAt, shardId: 'shardId-000000000003', sequenceNumber: String(sequence) };
      const [reading] = readRecord(Buffer.from(click), arrivedAt);
      return archiveLine(reading!, { ...place, subSequenceNumber: 0 });
    });
    const object = Buffer.concat(lines);

    expect((object.length - events) / lines.length).toBeCloseTo(measured.archive.addedBytes, -1);
    expect(gzipSync(object).length / object.length).toBeCloseTo(measured.archive.compressed, 1);
    const columns = archiveColumns.map(({ name, type }) => ({ name, member: name, type }));
    const parquet = await parquetOf(object, columns);
    expect(parquet.length / object.length).toBeCloseTo(measured.parquet.compressed, 1);
  });
});
