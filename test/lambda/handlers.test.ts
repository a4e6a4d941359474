import type { Context, KinesisStreamEvent } from 'aws-lambda';
import { windowSizes } from '../../domain/counters/window';
import { retentionVariable } from '../../lambda/compactor/contract';
import { dynamoCalls } from '../../table/dynamo-calls';
import { logTable } from '../../table/log-table';
import { readView } from '../../table/view';
import { createAggregatesTable, type DynamoServer, startDynamoServer } from '../support/aggregates-table';
import { clickJson } from '../support/click-factory';
import { daySums, everyWindow } from '../support/log-bench';
import { shardRecords } from '../support/shard-records';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('handlers');
const shard = 'clicks/shardId-000000000004';
const environment = {
  PROJECT: 'clickstream',
  STAGE: 'dev',
  TABLE_NAME: 'aggregates',
  DEDUPLICATION_SECONDS: '300',
  UNIQUE_VISITORS: 'page',
  LOG_DAYS: '14',
  COMPACTION_SECONDS: '3600',
  MINUTES_FOR_DAYS: '0',
  ...Object.fromEntries(windowSizes.map((size) => [retentionVariable(size), '4000'])),
  AWS_ACCESS_KEY_ID: 'S3RVER',
  AWS_SECRET_ACCESS_KEY: 'S3RVER',
  AWS_REGION: 'eu-north-1',
};

let server: DynamoServer;
let aggregator: typeof import('../../lambda/aggregator/handler').handler;
let compactor: typeof import('../../lambda/compactor/handler').handler;
const printed: string[] = [];
const before = { ...process.env };

beforeAll(async () => {
  server = await startDynamoServer(folder);
  await createAggregatesTable(server.client, 'aggregates');
  Object.assign(process.env, environment, { AWS_ENDPOINT_URL_DYNAMODB: server.endpoint });
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => printed.push(String(line)) > 0);
  // As on AWS, where a handler reads its environment as it is loaded.
  ({ handler: aggregator } = await import('../../lambda/aggregator/handler'));
  ({ handler: compactor } = await import('../../lambda/compactor/handler'));
});
afterAll(async () => {
  jest.restoreAllMocks();
  process.env = before;
  await server.close();
});
beforeEach(() => {
  printed.length = 0;
});

const contextOf = (ms: number) => ({ getRemainingTimeInMillis: () => ms }) as Context;

function eventOf(data: readonly string[], from = 0): KinesisStreamEvent {
  return {
    Records: shardRecords(data, from).map((record) => ({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: 'visitor-1',
        sequenceNumber: record.sequenceNumber,
        data: Buffer.from(record.data).toString('base64'),
        approximateArrivalTimestamp: record.arrivedAt / 1_000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `shardId-000000000004:${record.sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: 'arn:aws:iam::123456789012:role/aggregator',
      awsRegion: 'eu-north-1',
      eventSourceARN: 'arn:aws:kinesis:eu-north-1:123456789012:stream/clicks',
    })),
  };
}

const view = () =>
  readView(everyWindow, { table: logTable(dynamoCalls(server.client), 'aggregates'), now: Date.now });

describe('The functions, against a table on the wire', () => {
  const first = eventOf([clickJson({ eventId: 'a', page: '/secret' }), 'bad', clickJson({ eventId: 'a' })]);

  it('append a batch, once however often it comes, and print counts alone', async () => {
    expect(await aggregator(first, contextOf(60_000))).toEqual({ batchItemFailures: [] });
    expect(await aggregator(first, contextOf(60_000))).toEqual({ batchItemFailures: [] });
    expect(daySums(await view())).toMatchObject({
      'total:all': 1,
      'duplicate:duplicate': 1,
      'invalid:not_json': 1,
      'page:/secret': 1,
    });
    expect(printed.join('')).toContain('"duplicates":1');
    expect(printed.join('')).not.toContain('secret');
  });

  it('report the whole batch when there is no time for it', async () => {
    const second = eventOf([clickJson({ page: '/b' }), clickJson()], 3);
    const { sequenceNumber } = second.Records[0]!.kinesis;
    expect(await aggregator(second, contextOf(2_999))).toEqual({
      batchItemFailures: [{ itemIdentifier: sequenceNumber }],
    });
    expect(printed.join('')).toMatch(/"unfinishedBecause":"(TimeoutError|AbortError)"/);
    expect(await aggregator(second, contextOf(60_000))).toEqual({ batchItemFailures: [] });
    expect(daySums(await view())).toMatchObject({ 'total:all': 3, 'page:/b': 1 });
  });

  it('compact what is old enough, or everything if that is asked for', async () => {
    const before = daySums(await view());
    expect(await compactor({}, contextOf(60_000))).toEqual({ done: true });
    const table = logTable(dynamoCalls(server.client), 'aggregates');
    expect(await table.entry(shard)).toMatchObject({ compactedTo: '0' });
    expect(printed.join('')).toContain('"pending":2');

    expect(await compactor({ everything: true }, contextOf(60_000))).toEqual({ done: true });
    expect((await table.entry(shard))!.compactedTo).toBe((await view()).shards[0]!.tail);
    expect(printed.join('')).toContain('"deltas":2');
    expect(daySums(await view())).toEqual(before);
    const visitors = await readView([{ group: 'visitors-total', buckets: 1, size: 'day' }], {
      table,
      now: Date.now,
    });
    expect(visitors.items.map(({ content }) => [...content.sketches.keys()])).toEqual([['all']]);
  });
});
