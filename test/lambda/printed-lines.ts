import { functionLog, metricSource } from '../../domain/function/function-log';
import { adapterService } from '../../lambda/adapter/contract';
import { reportBatch } from '../../lambda/adapter/report';
import { aggregatorService } from '../../lambda/aggregator/contract';
import { reportOutcome } from '../../lambda/aggregator/report';
import { anomaliesService } from '../../lambda/anomalies/contract';
import { reportVerdict } from '../../lambda/anomalies/report';
import { collectorService } from '../../lambda/collector/contract';
import { reportRequest } from '../../lambda/collector/report';
import { compactorService } from '../../lambda/compactor/contract';
import { reportCompaction } from '../../lambda/compactor/report';
import { forwarderService } from '../../lambda/forwarder/contract';
import { reportForwarding } from '../../lambda/forwarder/report';
import type { Anomaly } from '../../report/anomalies-reader';

export type PrintedLine = Readonly<Record<string, unknown>>;

const deployment = { PROJECT: 'shop', STAGE: 'dev' };

const unusual: Anomaly = {
  ...{ subject: 'page', value: '/secret-page', kind: 'gone', isOpen: true },
  ...{ from: 1_772_524_800_000, to: 1_772_532_000_000, count: 1, expected: 80, score: -5.5 },
};

/** A line of each function, by its name, with every field that it can have. */
export async function printedLines(): Promise<Readonly<Record<string, PrintedLine>>> {
  return {
    aggregator: printed(aggregatorService, (log) =>
      reportOutcome(
        'clicks/shardId-000000000003',
        {
          ...{ records: 7, recordsCountedBefore: 1, lines: 6, valid: 4, duplicates: 2, late: 1 },
          invalidByReason: new Map([['future', 2]]),
          ...{ deltas: 1, refused: 0, lowestUnfinished: '49', unfinishedBecause: 'ThrottlingException' },
        },
        log,
      ),
    ),
    adapter: printed(adapterService, (log) =>
      reportBatch(
        'logs/shardId-000000000002',
        { records: 3, lines: 8, badLines: 2, lowestUnfinished: '51', unfinishedBecause: 'OutOfTime' },
        log,
      ),
    ),
    compactor: printed(compactorService, (log) =>
      reportCompaction(
        {
          ...{ deltas: 5, items: 30, retried: 1, pending: 2, oldestPendingMs: 61_000, shards: 4 },
          shardsWithGap: ['clicks/shardId-000000000003'],
          failedByError: new Map([['ThrottlingException', 1]]),
        },
        { read: 3, write: 8 },
        log,
      ),
    ),
    collector: printed(collectorService, (log) =>
      reportRequest(
        {
          answer: { status: 503, headers: {} },
          ...{ accepted: 2, lost: 1, because: 'TimeoutError' },
          rejected: [{ index: 3, reason: 'future' }],
        },
        log,
      ),
    ),
    forwarder: printed(forwarderService, (log) =>
      reportForwarding(
        {
          answers: [{ recordId: 'a', result: 'Ok', data: '' }],
          ...{ forwarded: 4, linesLeftOut: 2, recordsWithSeveralEvents: 1, recordsWithoutRoom: 3 },
        },
        log,
      ),
    ),
    anomalies: printed(anomaliesService, (log) =>
      reportVerdict({ hour: 1_772_528_400_000, open: [unusual] }, { read: 1_700 }, 1_772_533_000_000, log),
    ),
    transformer: await transformerLine(),
  };
}

function printed(service: string, report: (log: ReturnType<typeof functionLog>) => void): PrintedLine {
  let text = '';
  const print = (line: string): void => {
    text += line;
  };
  report(functionLog(metricSource(service, deployment), print, Date.now));
  return JSON.parse(text);
}

async function transformerLine(): Promise<PrintedLine> {
  Object.assign(process.env, deployment);
  // Loaded now, because it reads its environment when it is.
  const { handler } = await import('../../lambda/transformer/handler');
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const data = Buffer.from('no event').toString('base64');
    await handler({
      invocationId: 'a',
      deliveryStreamArn: 'b',
      region: 'c',
      records: [{ recordId: 'd', approximateArrivalTimestamp: 1_772_359_200_250, data }],
    });
    return JSON.parse(String(write.mock.calls[0]![0]));
  } finally {
    write.mockRestore();
  }
}

/** The metrics that CloudWatch takes from a line (CloudWatch docs: embedded metric format): `Space Name by a, b`. */
export function metricsIn({ _aws }: PrintedLine): string[] {
  const { CloudWatchMetrics } = _aws as {
    CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
  };
  return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => Metrics.map(({ Name }) => `${Namespace} ${Name} by ${names.join(', ')}`)),
  );
}
