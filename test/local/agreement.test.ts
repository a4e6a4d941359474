import { gzipSync } from 'node:zlib';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { transform } from '../../lambda/transformer/transform';
import { createKinesisStreamReader } from '../../local/adapters/kinesis-stream-reader';
import { createS3ObjectStore } from '../../local/adapters/s3-objects';
import { verifyAgreement } from '../../local/agreement';
import { type EventRecord, eventRecord } from '../../local/event-source-mapping/invocation-event';
import { onFailureObject } from '../../local/event-source-mapping/on-failure-object';
import { type SourceRecord, sourceRecords } from '../../local/firehose/processor-event';
import { provision } from '../../local/provision';
import { dynamoLogTable } from '../../table/log-table';
import { type AllEmulators, startAll } from '../emulators/start-all';
import { clickJson } from '../support/click-factory';
import { counting } from '../support/counting';
import { deployment as deploymentOf, mapping } from '../support/deployment-factory';
import { retentionSettings } from '../support/retention-factory';
import { temporaryFolder } from '../support/temporary-folder';

const settings = {
  ...retentionSettings({ minuteRetentionDays: 7, hourRetentionDays: 30, dayRetentionDays: 90 }),
  minutesForDays: 0,
  logDays: 14,
  maxRecordAgeSeconds: 7_200,
  deduplicationSeconds: 0,
  uniqueVisitors: 'page',
};
const deployment = deploymentOf({ outputs: { stack: { AggregatorSettings: JSON.stringify(settings) } } });
const { archive } = deployment;
const folder = temporaryFolder('verify');

describe('what is verified of a pipeline', () => {
  let all: AllEmulators;
  let shards: Map<string, SourceRecord[]>;
  beforeAll(async () => {
    all = await startAll(folder);
    await provision(deployment, all.clients);
    const happened = { timestamp: new Date().toISOString() };
    await produce([clickJson({ ...happened, visitorId: 'one' }), 'no json', `{}\n${clickJson(happened)}`]);
    shards = await readShards();
    await count();
    await archiveAll('first');
  });
  afterAll(() => all.close());

  const reader = () => createKinesisStreamReader(all.clients.kinesis, deployment.stream.name);
  const verify = () => verifyAgreement(deployment, all.clients, reader());

  async function produce(texts: readonly string[]): Promise<void> {
    for (const [index, text] of texts.entries()) {
      const record = { PartitionKey: `visitor-${index}`, Data: Buffer.from(text) };
      await all.clients.kinesis.send(new PutRecordCommand({ StreamName: deployment.stream.name, ...record }));
    }
  }

  async function readShards(): Promise<Map<string, SourceRecord[]>> {
    const found = new Map<string, SourceRecord[]>();
    for (const { shardId } of await reader().listShards()) {
      const iterator = await reader().getIterator(shardId, { type: 'TRIM_HORIZON' });
      const { records } = await reader().read(iterator, 100);
      found.set(
        shardId,
        records.flatMap((record) => sourceRecords(shardId, record, Date.now())),
      );
    }
    return found;
  }

  /** Fills the table as the aggregator does. */
  async function count(): Promise<void> {
    const table = dynamoLogTable(all.clients.dynamodb, deployment.table.name);
    const { count: countBatch } = counting(table, { uniqueVisitors: 'page' });
    for (const [shardId, records] of shards) {
      if (records.length > 0)
        await countBatch(`${deployment.stream.name}/${shardId}`, records as ShardRecord[]);
    }
  }

  /** Fills the archive with what the transformer answers. */
  async function archiveAll(name: string): Promise<void> {
    const records = [...shards.values()].flat();
    const { answers } = transform(
      records.map((record) => ({
        recordId: record.recordId,
        data: Buffer.from(record.data).toString('base64'),
        approximateArrivalTimestamp: record.arrivedAt,
        kinesisRecordMetadata: {
          shardId: record.shardId,
          partitionKey: record.partitionKey,
          sequenceNumber: record.sequenceNumber,
          subsequenceNumber: '0',
          approximateArrivalTimestamp: record.arrivedAt,
        },
      })),
    );
    const lines = answers.map(({ data }) => Buffer.from(data ?? '', 'base64'));
    await put(archive!.bucket, `clicks/year=2026/${name}.gz`, gzipSync(Buffer.concat(lines)), 'gzip');
  }

  async function put(bucket: string, key: string, body: Buffer, contentEncoding?: string): Promise<void> {
    const encoding = contentEncoding === undefined ? {} : { contentEncoding };
    const contentType = 'application/octet-stream';
    await createS3ObjectStore(all.clients.s3).put({ bucket, key, body, contentType, ...encoding });
  }

  it('is that the real table and the real objects agree with the stream', async () => {
    expect(await verify()).toEqual({
      accepted: 4,
      aggregated: { valid: 2, duplicates: 0, invalid: 2, late: 0 },
      archived: { objects: 1, lines: 4, distinct: 4, rejected: 2 },
      failed: 0,
      onFailure: 0,
      exact: true,
      differences: [],
    });
  });

  it('allows that all was delivered twice, to the table and to the archive', async () => {
    await count();
    await archiveAll('second');

    expect(await verify()).toMatchObject({
      exact: true,
      aggregated: { valid: 2, invalid: 2 },
      archived: { objects: 2, lines: 8, distinct: 4, rejected: 2 },
      failed: 0,
    });
  });

  it('counts the records of every on-failure object', async () => {
    const [shardId, records] = [...shards].find(([, found]) => found.length > 0)!;
    const { functionArn, streamArn, uuid, onFailureBucket } = mapping();
    const given: EventRecord[] = [...records, ...records].map((record) =>
      eventRecord(record, shardId, { streamArn, roleArn: 'arn', region: deployment.region }),
    );
    const batch = { requestId: 'r', functionArn, streamArn, shardId, invokeCount: 3, records: given };
    const condition = 'RetryAttemptsExhausted';
    const object = onFailureObject(onFailureBucket!, uuid, { ...batch, condition }, Date.now(), 'u');
    await createS3ObjectStore(all.clients.s3).put(object);

    expect(await verify()).toMatchObject({ exact: false, onFailure: given.length });
  });

  it('is read anew from the stream: what nobody has counted yet is a difference', async () => {
    await produce([clickJson({ page: '/new', timestamp: new Date().toISOString() })]);

    const { accepted, exact, differences } = await verify();
    expect({ accepted, exact }).toEqual({ accepted: 5, exact: false });
    expect(differences.join('\n')).toMatch(/minute .*, total all: \d counted, \d in the stream/);
  });
});
