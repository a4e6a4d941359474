import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { linesIn } from '../../domain/archive/lines-in';
import { dataDirAt } from '../../emulators/data-dir';
import { readObjects } from '../../local/adapters/s3-objects';
import { readDeployment } from '../../local/cloudformation/read-deployment';
import type { ChaosProfile } from '../../local/fault-injection/profile';
import { type Pipeline, startPipeline } from '../../local/pipeline';
import { synthesize } from '../../local/synthesize';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('sources');
const fixture = (name: string) =>
  readFileSync(join(__dirname, '../fixtures', name), 'utf8')
    .trimEnd()
    .split('\n');
const realtime = fixture('cloudfront-realtime.tsv');
const subscription = fixture('cloudwatch-subscription.ndjson');
const badLines = {
  realtime: realtime.slice(-2),
  subscription: [
    '2025/03/04 11:00:00 [notice] 1#1: start worker process 29',
    'Error: connect ETIMEDOUT 10.0.8.4:5432',
  ],
};

/** How often each batch of samples is there, each time by another request and log event. */
const rounds = 4;
const goodLines = rounds * (realtime.length - 2 + 27);

/** Of puts, reads and invocations, a good part fails; of many puts nobody knows whether they were carried out. */
const chaos: ChaosProfile = {
  faults: [
    { service: 'kinesis', operations: ['PutRecords'], kind: 'partial', probability: 0.3, share: 0.4 },
    { service: 'kinesis', operations: ['PutRecords'], kind: 'cut', probability: 0.2, after: true },
    {
      service: 'kinesis',
      operations: ['PutRecords', 'PutRecord'],
      kind: 'error',
      probability: 0.2,
      after: true,
    },
    { service: 'kinesis', operations: ['GetRecords'], kind: 'error', probability: 0.1 },
  ],
  functions: [
    { function: 'adapter', kind: 'crash', probability: 0.15 },
    { function: 'adapter', kind: 'throttle', probability: 0.1 },
  ],
};

let pipeline: Pipeline;
beforeAll(async () => {
  const assembly = join(folder, 'assembly');
  await synthesize({
    appDir: resolve(__dirname, '../..'),
    outputDir: assembly,
    context: {
      ...{ logSources: 'true', busSource: 'shop.web', deduplicationSeconds: '300', shardCount: '2' },
      // Small batches, so that many fail.
      ...{ batchSize: '10', batchingWindowSeconds: '0', uniqueVisitors: 'off' },
    },
  });
  const dir = dataDirAt(join(folder, 'state'));
  mkdirSync(dir.path);
  pipeline = await startPipeline(readDeployment(assembly), dir, {
    port: 0,
    chaos: { profile: chaos, seed: 'seven' },
  });
}, 120_000);
afterAll(() => pipeline?.stop());

/** As the services do: CloudFront a line a record, CloudWatch Logs what a subscription has gathered. */
function logRecords(): Buffer[] {
  return Array.from({ length: rounds }, (_, round) => [
    ...realtime.map((line) => Buffer.from(`${line.replace('==\t', `${round}==\t`)}\n`)),
    ...subscription.map((message) => gzipSync(message.replaceAll('"id":"3927', `"id":"${round}3927`))),
  ]).flat();
}

async function archivedLines(): Promise<Record<string, string>[]> {
  const { archive } = pipeline.deployment;
  const lines: Record<string, string>[] = [];
  for await (const { body } of readObjects(pipeline.clients.s3, archive.bucket, ['events/'])) {
    for (const line of linesIn(body)) lines.push(JSON.parse(line.toString()));
  }
  return lines;
}

describe('Samples of CloudFront, CloudWatch Logs and EventBridge, under faults', () => {
  it('are counted once each, through both streams, and what is no event is kept as it was', async () => {
    const { where, clients } = pipeline;
    const records = logRecords();
    // CloudFront and CloudWatch Logs put a record again where they got no answer.
    for (const each of [records, records.slice(0, 40)]) {
      await clients.kinesis.send(
        new PutRecordsCommand({
          StreamName: where.logStream,
          Records: each.map((Data, index) => ({ Data, PartitionKey: `random-${index}` })),
        }),
      );
    }
    const bus = new EventBridgeClient({
      endpoint: where.endpoints.eventBridge!,
      region: where.region,
      credentials: where.credentials,
    });
    const click = (n: number, other: object = {}) => ({
      Source: 'shop.web',
      DetailType: 'click',
      Detail: JSON.stringify({
        ...{ eventId: `bus-${n}`, type: 'page_view', visitorId: `visitor-${n % 3}` },
        ...{ timestamp: new Date().toISOString(), page: `/bus/${n}`, ...other },
      }),
    });
    const entries = Array.from({ length: 10 }, (_, n) => click(n));
    const { Entries, FailedEntryCount } = await bus.send(new PutEventsCommand({ Entries: entries }));
    expect([FailedEntryCount, Entries?.length]).toEqual([0, 10]);
    // Again, and what the pattern leaves out.
    const others = [
      ...entries.slice(0, 3),
      click(11, { visitorId: '' }),
      { ...click(12), DetailType: 'order' },
    ];
    await bus.send(new PutEventsCommand({ Entries: others }));
    bus.destroy();

    await pipeline.drain(() => {});
    const agreement = await pipeline.verify();
    const { injected = {}, others: readers } = pipeline.status();
    expect(agreement).toMatchObject({
      exact: true,
      onFailure: 0,
      aggregated: { invalid: expect.any(Number) },
    });
    const { valid, duplicates } = agreement.aggregated;
    expect(valid - duplicates).toBe(goodLines + 10);
    expect(duplicates).toBeGreaterThan(30);
    expect(readers).toEqual([{ name: expect.stringMatching(/-sources$/), lagMs: 0, discarded: 0 }]);
    expect(Object.keys(injected)).toEqual(
      expect.arrayContaining([
        'kinesis PutRecords partial',
        'kinesis PutRecords cut after',
        'lambda adapter crash',
      ]),
    );

    const lines = await archivedLines();
    const rejected = new Set(
      lines.flatMap(({ raw }) => (raw === undefined ? [] : [Buffer.from(raw, 'base64').toString()])),
    );
    // Lines of one text become one in this set; their rounds differ by the request's id alone.
    const expected = [
      ...Array.from({ length: rounds }, (_, round) =>
        badLines.realtime.map((line) => line.replace('==\t', `${round}==\t`)),
      ),
      badLines.subscription,
    ].flat();
    expect(rejected).toEqual(new Set(expected));
    const pages = new Set(lines.map(({ page }) => page));
    for (const page of ['/café/menü', '/~anna/a%20b.html', '/konto/übersicht', '/bus/9'])
      expect(pages).toContain(page);
    expect(pages).not.toContain('/bus/11');
  }, 120_000);
});
