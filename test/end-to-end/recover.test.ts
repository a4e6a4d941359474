import { join, resolve } from 'node:path';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { readLocalPipeline } from '../../cli/local-pipeline';
import { createClients } from '../../local/adapters/clients';
import { createKinesisStreamReader } from '../../local/adapters/kinesis-stream-reader';
import { dataDirAt } from '../../local/data-dir';
import { startEmulators } from '../../local/emulators/start-emulators';
import { createAppender } from '../../table/append';
import { dynamoCalls } from '../../table/dynamo-calls';
import { logTable } from '../../table/log-table';
import { givenUp } from '../recover/failure-factory';
import { settings } from '../recover/log-bench';
import { clickJson } from '../support/click-factory';
import { neverAborted } from '../support/never-aborted';
import { startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';
import { runToExit } from './local-pipeline';

const dataDir = join(temporaryFolder('recover-local'), 'pipeline');
const cli = resolve(__dirname, '../../recover/cli.ts');
const recover = (...args: string[]) =>
  startCommand(cli, [...args, '--local', dataDir], { cwd: resolve(__dirname, '../..') }).finished;

/** Puts records into the stream of which the last alone is counted, and the on-failure object of the others. */
async function giveUp(lines: readonly string[]): Promise<string> {
  const emulators = await startEmulators(dataDirAt(dataDir), 0);
  const { stream, table, buckets } = await readLocalPipeline(dataDir);
  const clients = createClients(emulators.endpoints, 'us-east-1');
  const Records = lines.map((line) => ({ Data: Buffer.from(line), PartitionKey: 'visitor-1' }));
  const { Records: put = [] } = await clients.kinesis.send(
    new PutRecordsCommand({ StreamName: stream, Records }),
  );
  const shardId = put[0]!.ShardId!;
  const reader = createKinesisStreamReader(clients.kinesis, stream);
  const iterator = await reader.getIterator(shardId, { type: 'TRIM_HORIZON' });
  const records = (await reader.read(iterator, 1_000)).records.slice(-lines.length);
  const shardKey = `${stream}/${shardId}`;
  const ports = {
    table: logTable(dynamoCalls(clients.dynamodb), table),
    now: Date.now,
    newToken: () => 'token-3',
  };
  const appender = createAppender(ports, { ...settings, uniques: [] });
  await appender.append(shardKey, records.slice(-1), neverAborted());
  const { key, body } = givenUp(shardKey, records.slice(0, -1), { now: Date.now() });
  await clients.s3.send(new PutObjectCommand({ Bucket: buckets.onFailure!, Key: key, Body: body }));
  clients.destroy();
  await emulators.close();
  return key;
}

describe('A batch that was given up', () => {
  it('is repaired while the pipeline is stopped, and all agrees again', async () => {
    const context = [
      '-c',
      'transformerBufferSeconds=0',
      '-c',
      'deduplicationSeconds=0',
      '-c',
      'uniqueVisitors=off',
    ];
    const traffic = ['--count', '400', '--max', '--malformed', '5%', '--late', '5%'];
    const before = await runToExit(dataDir, ...traffic, ...context);
    expect(before.result).toMatchObject({ accepted: 400, exact: true });
    const timestamp = new Date().toISOString();
    const key = await giveUp(
      Array.from({ length: 61 }, (_, page) => clickJson({ page: `/${page}`, timestamp })),
    );
    const range = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
    const verify = ['verify', '--from', range[0]!, '--to', range[1]!];

    const wrong = await recover(...verify);
    expect(wrong).toMatchObject({ code: 1, stderr: '' });
    expect(wrong.stdout).toContain('60 events were given up and are not counted');
    const repaired = await recover('repair', '--all', '--json');
    expect({ ...repaired, stdout: JSON.parse(repaired.stdout) }).toMatchObject({
      code: 0,
      stdout: { repairs: [{ key, outcome: 'repaired', records: 60, counted: 60 }] },
    });
    expect(await recover(...verify)).toMatchObject({ code: 0 });
    expect((await recover('list')).stdout).toContain('0 batches that the aggregator gave up\n');
    expect((await runToExit(dataDir, '--no-producer', ...context)).result).toMatchObject({
      accepted: 461,
      onFailure: 0,
      exact: true,
    });
    expect(await recover(...verify)).toMatchObject({ code: 0 });
  }, 180_000);
});
