import { join, resolve } from 'node:path';
import { DeleteItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { readLocalPipeline } from '../../cli/local-pipeline';
import { createClients } from '../../emulators/clients';
import { dataDirAt } from '../../emulators/data-dir';
import { startEmulators } from '../../emulators/start-emulators';
import { createKinesisStreamReader } from '../../local/adapters/kinesis-stream-reader';
import { dynamoLogTable } from '../../table/log-table';
import { givenUp } from '../recover/failure-factory';
import { counting } from '../support/counting';
import { startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';
import { runToExit } from './local-pipeline';

const dataDir = join(temporaryFolder('recover-local'), 'pipeline');
const cli = resolve(__dirname, '../../recover/cli.ts');
const recover = (...args: string[]) =>
  startCommand(cli, [...args, '--local', dataDir], { cwd: resolve(__dirname, '../..') }).finished;

/** Counts the stream anew, without some of its records, of which it writes an on-failure object. */
async function giveUp(from: number, to: number): Promise<string> {
  const emulators = await startEmulators(dataDirAt(dataDir), 0);
  const { stream, table, buckets } = await readLocalPipeline(dataDir);
  const clients = createClients(emulators.endpoints, 'us-east-1');
  const reader = createKinesisStreamReader(clients.kinesis, stream);
  const [first] = await reader.listShards();
  const iterator = await reader.getIterator(first!.shardId, { type: 'TRIM_HORIZON' });
  const { records } = await reader.read(iterator, 1_000);
  const shardKey = `${stream}/${first!.shardId}`;
  await empty(clients.dynamodb, table);
  const { count, compact } = counting(dynamoLogTable(clients.dynamodb, table), { uniqueVisitors: 'page' });
  await count(shardKey, records.slice(0, from));
  await compact();
  await count(shardKey, records.slice(to));
  const { key, body } = givenUp(shardKey, records.slice(from, to), { now: Date.now() });
  await clients.s3.send(new PutObjectCommand({ Bucket: buckets.onFailure!, Key: key, Body: body }));
  clients.destroy();
  await emulators.close();
  return key;
}

async function empty(client: DynamoDBClient, TableName: string): Promise<void> {
  for (;;) {
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    if (Items.length === 0) return;
    for (const { pk, sk } of Items)
      await client.send(new DeleteItemCommand({ TableName, Key: { pk: pk!, sk: sk! } }));
  }
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
    expect(wrong.stdout).toMatch(
      /\n\d\d events were given up and are not counted: recover list, recover repair\n/,
    );
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
