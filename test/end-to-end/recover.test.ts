import { join, resolve } from 'node:path';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { readLocalPipeline } from '../../cli/local-pipeline';
import { fold } from '../../domain/fold';
import { createClients } from '../../local/adapters/clients';
import { createKinesisStreamReader } from '../../local/adapters/kinesis-stream-reader';
import { dataDirAt } from '../../local/data-dir';
import { startEmulators } from '../../local/emulators/start-emulators';
import { givenUp } from '../recover/failure-factory';
import { startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';
import { runToExit } from './local-pipeline';

const dataDir = join(temporaryFolder('recover-local'), 'pipeline');
const cli = resolve(__dirname, '../../recover/cli.ts');
const recover = (...args: string[]) =>
  startCommand(cli, [...args, '--local', dataDir], { cwd: resolve(__dirname, '../..') }).finished;

/** Takes part of the stream's records out of the counters, some wholly and some not, and writes their object. */
async function giveUp(from: number, to: number): Promise<string> {
  const emulators = await startEmulators(dataDirAt(dataDir), 0);
  const { stream, table, buckets } = await readLocalPipeline(dataDir);
  const clients = createClients(emulators.endpoints, 'us-east-1');
  const reader = createKinesisStreamReader(clients.kinesis, stream);
  const [first] = await reader.listShards();
  const iterator = await reader.getIterator(first!.shardId, { type: 'TRIM_HORIZON' });
  const records = (await reader.read(iterator, 1_000)).records.slice(from, to);
  const shard = `${stream}/${first!.shardId}`;
  for (const [index, { key, entries }] of fold(shard, records).runs.entries()) {
    if (index % 3 === 0) continue;
    for (const { value, count } of entries) {
      await clients.dynamodb.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { pk: { S: key.pk }, sk: { S: key.sk } },
          UpdateExpression: 'ADD #value :count',
          ExpressionAttributeNames: { '#value': `n:${value}` },
          ExpressionAttributeValues: { ':count': { N: String(-count) } },
        }),
      );
    }
  }
  const { key, body } = givenUp(shard, records, { now: Date.now() });
  await clients.s3.send(new PutObjectCommand({ Bucket: buckets.onFailure!, Key: key, Body: body }));
  clients.destroy();
  await emulators.close();
  return key;
}

describe('A batch that was given up', () => {
  it('is repaired while the pipeline is stopped, and all agrees again', async () => {
    const context = ['-c', 'transformerBufferSeconds=0', '-c', 'deduplicationSeconds=0'];
    const traffic = ['--count', '400', '--max', '--malformed', '5%', '--late', '5%'];
    const before = await runToExit(dataDir, ...traffic, ...context);
    expect(before.result).toMatchObject({ accepted: 400, exact: true });
    const key = await giveUp(100, 160);
    const hour = 3_600_000;
    const range = [-1, 1].map((hours) => new Date(Date.now() + hours * hour).toISOString());
    const verify = ['verify', '--from', range[0]!, '--to', range[1]!];

    const wrong = await recover(...verify);
    expect(wrong).toMatchObject({ code: 1, stderr: '' });
    expect(wrong.stdout).toMatch(/\n {2}page \/\S*, minute /);
    const repaired = await recover('repair', '--all', '--json');
    expect({ ...repaired, stdout: JSON.parse(repaired.stdout) }).toMatchObject({
      code: 0,
      stdout: { repairs: [{ key, outcome: 'repaired', records: 60 }] },
    });
    expect(await recover(...verify)).toMatchObject({ code: 0 });
    expect((await recover('list')).stdout).toContain('0 batches that the aggregator gave up\n');
    expect((await runToExit(dataDir, '--no-producer', ...context)).result).toMatchObject({
      accepted: 400,
      onFailure: 0,
      exact: true,
    });
  }, 180_000);
});
