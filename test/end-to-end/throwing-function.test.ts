import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateStreamCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { createFileCheckpointStore } from '../../local/adapters/file-checkpoint-store';
import { createKinesisStreamReader } from '../../local/adapters/kinesis-stream-reader';
import { createS3ObjectStore, readObjects } from '../../local/adapters/s3-objects';
import { systemClock } from '../../local/clock';
import { defaultChoices } from '../../local/event-source-mapping/choices';
import { startEventSourceMapping } from '../../local/event-source-mapping/event-source-mapping';
import { startFunction } from '../../local/function-runtime/start-function';
import { type AllEmulators, startAll } from '../emulators/start-all';
import { mappingSpec } from '../local/event-source-mapping/mapping-bench';
import { temporaryFolder } from '../support/temporary-folder';

/** Appends what it is given to a file, unless it holds the record that it cannot bear. */
const source = `
const { appendFileSync } = require('node:fs');
exports.handler = async ({ Records }) => {
  const texts = Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
  if (texts.includes('unbearable')) throw new Error('this one I cannot bear');
  appendFileSync(process.env.TAKEN_FILE, texts.map((text) => text + '\\n').join(''));
  return { batchItemFailures: [] };
};
`;

const folder = temporaryFolder('throwing-function');
const takenFile = join(folder, 'taken');
let all: AllEmulators;
beforeAll(async () => {
  all = await startAll(folder);
  await all.clients.s3.send(new CreateBucketCommand({ Bucket: 'failures' }));
  await all.clients.kinesis.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 1 }));
});
afterAll(() => all.close());

async function put(texts: readonly string[]): Promise<void> {
  const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: 'visitor' }));
  for (;;) {
    try {
      await all.clients.kinesis.send(new PutRecordsCommand({ StreamName: 'clicks', Records }));
      return;
    } catch (error) {
      // The stream is not active yet.
      if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    }
  }
}

describe('A function that throws for one record', () => {
  it('leaves it alone to the on-failure destination, and everything around it is taken, in order and once', async () => {
    const texts = Array.from({ length: 23 }, (_, n) => (n === 8 ? 'unbearable' : `record ${n}`));
    await put(texts);
    const assetPath = join(folder, 'asset');
    mkdirSync(assetPath);
    writeFileSync(join(assetPath, 'index.js'), source);
    writeFileSync(takenFile, '');
    const spec = mappingSpec({ batchSize: 10, maximumRetryAttempts: 2, bisectBatchOnFunctionError: true });
    const target = startFunction(
      {
        name: 'thrower',
        arn: spec.functionArn,
        roleArn: 'arn:aws:iam::000000000000:role/thrower',
        assetPath,
        handler: 'index.handler',
        environment: { TAKEN_FILE: takenFile },
        timeoutSeconds: 9,
        memoryMiB: 256,
      },
      { region: 'us-east-1', logFile: join(folder, 'thrower.log') },
    );
    const mapping = await startEventSourceMapping(spec, {
      target,
      reader: createKinesisStreamReader(all.clients.kinesis, 'clicks'),
      objects: createS3ObjectStore(all.clients.s3),
      checkpoints: createFileCheckpointStore(join(folder, 'checkpoints')),
      clock: systemClock,
      uuid: randomUUID,
      region: 'us-east-1',
      choices: { ...defaultChoices, retryBackoffMs: () => 5 },
    });
    await mapping.drain();
    const status = mapping.status();
    await mapping.stop();
    await target.close();

    expect(readFileSync(takenFile, 'utf8').trimEnd().split('\n')).toEqual(
      texts.filter((text) => text !== 'unbearable'),
    );
    expect(status).toMatchObject({ delivered: 22, discarded: 1 });
    const objects = [];
    for await (const { body } of readObjects(all.clients.s3, 'failures'))
      objects.push(JSON.parse(body.toString()));
    expect(objects).toHaveLength(1);
    expect(objects[0]).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
      responseContext: { functionError: 'Unhandled' },
      KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 1 },
    });
    const { Records } = JSON.parse(objects[0].payload);
    expect(Records).toHaveLength(1);
    expect(Buffer.from(Records[0].kinesis.data, 'base64').toString()).toBe('unbearable');
  }, 60_000);
});
