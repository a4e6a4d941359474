import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { type Clients, createClients } from '../../../emulators/clients';
import type { Emulator } from '../../../emulators/emulator';
import { startKinesis } from '../../../emulators/kinesis';
import type { ChaosProfile } from '../../../local/fault-injection/profile';
import { temporaryFolder } from '../../support/temporary-folder';
import { type Disturbed, disturbed } from './chaos-harness';

const folder = temporaryFolder('shard-gate');
let emulator: Emulator;
let direct: Clients;
beforeAll(async () => {
  emulator = await startKinesis({ port: 0, dataDir: folder });
  const { endpoint } = emulator;
  direct = createClients({ kinesis: endpoint, dynamodb: endpoint, s3: endpoint }, 'eu-central-1');
});
afterAll(async () => {
  direct.destroy();
  await emulator.close();
});

let under: Disturbed;
let name: string;
let streams = 0;
const start = async (profile: ChaosProfile, shardCount: number) => {
  name = `gated${streams++}`;
  await direct.kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: shardCount }));
  under = await disturbed(emulator.endpoint, profile);
  // It becomes active a moment later.
  while (!(await put(entries(1, firstHalf, 1)).catch(() => undefined)));
  await under.close();
  under = await disturbed(emulator.endpoint, profile);
};
afterEach(() => under.close());

const firstHalf = '0';
const secondHalf = String(2n ** 127n);
const entries = (count: number, hash: string, bytes = 10) =>
  Array.from({ length: count }, () => ({
    Data: Buffer.alloc(bytes),
    PartitionKey: 'k',
    ExplicitHashKey: hash,
  }));
const put = (Records: ReturnType<typeof entries>) =>
  under.clients.kinesis.send(new PutRecordsCommand({ StreamName: name, Records }));
const shardId = (shard: number) => `shardId-00000000000${shard}`;
const refused = (shard: number) => ({
  ErrorCode: 'ProvisionedThroughputExceededException',
  ErrorMessage: `Rate exceeded for shard ${shardId(shard)} in stream ${name} under account 111122223333.`,
});
const taken = (shard: number) => expect.objectContaining({ ShardId: shardId(shard) });
const iteratorOf = (shard: number) =>
  new GetShardIteratorCommand({
    StreamName: name,
    ShardId: shardId(shard),
    ShardIteratorType: 'TRIM_HORIZON',
  });
async function recordsIn(shard: number): Promise<number> {
  const { ShardIterator } = await direct.kinesis.send(iteratorOf(shard));
  return (await direct.kinesis.send(new GetRecordsCommand({ ShardIterator }))).Records!.length;
}

describe('The limits of a shard', () => {
  it('refuse the records that are too many, each in its place, and take the rest', async () => {
    await start({ faults: [], shardLimits: { recordsPerSecond: 3 } }, 2);
    const before = await recordsIn(0);
    const answer = await put([
      ...entries(2, firstHalf),
      ...entries(4, secondHalf),
      ...entries(1, firstHalf),
      ...entries(2, firstHalf),
    ]);
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(answer.FailedRecordCount).toBe(3);
    expect(answer.Records).toEqual([
      ...[taken(0), taken(0), taken(1), taken(1), taken(1)],
      ...[refused(1), taken(0), refused(0), refused(0)],
    ]);
    expect((await recordsIn(0)) - before).toBe(3);
    expect(under.chaos.injected()).toEqual({ 'kinesis PutRecords shard limit': 1 });
  });

  it('count bytes with keys, and let a record pass that is larger than all of them', async () => {
    await start({ faults: [], shardLimits: { bytesPerSecond: 1_000 } }, 1);
    const answer = await put([...entries(1, firstHalf, 1_200), ...entries(1, firstHalf, 1)]);
    expect(answer.Records).toEqual([taken(0), refused(0)]);
  });

  it('recover with time', async () => {
    await start({ faults: [], shardLimits: { recordsPerSecond: 20 } }, 1);
    const begun = performance.now();
    expect((await put(entries(20, firstHalf))).FailedRecordCount).toBe(0);
    while ((await put(entries(1, firstHalf))).FailedRecordCount === 1);
    expect(performance.now() - begun).toBeGreaterThan(45);
  });

  it('refuse single records and reads too many, and know the shards of a split', async () => {
    await start({ faults: [], shardLimits: { recordsPerSecond: 0.05, readsPerSecond: 0.05 } }, 1);
    const one = () =>
      under.clients.kinesis.send(new PutRecordCommand({ StreamName: name, ...entries(1, secondHalf)[0]! }));
    await one();
    await expect(one()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    const split = { StreamName: name, ShardToSplit: shardId(0), NewStartingHashKey: secondHalf };
    await under.clients.kinesis.send(new SplitShardCommand(split));
    // The child has a budget of its own, and takes it as soon as the stream is active again.
    for (;;) {
      const answer = await one().catch((error: Error) => error.message);
      if (typeof answer === 'object') {
        expect(answer.ShardId).toBe(shardId(2));
        break;
      }
    }

    let next = (await under.clients.kinesis.send(iteratorOf(2))).ShardIterator;
    const read = async () => {
      const answer = await under.clients.kinesis.send(new GetRecordsCommand({ ShardIterator: next }));
      next = answer.NextShardIterator;
      return answer.Records!.length;
    };
    expect(await read()).toBe(1);
    await expect(read()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  });
});

describe('A partial failure', () => {
  it('fails a share of the entries, in their places, and puts the others', async () => {
    const operations = ['PutRecords'];
    await start(
      { faults: [{ service: 'kinesis', operations, kind: 'partial', probability: 1, share: 0.5 }] },
      1,
    );
    const before = await recordsIn(0);
    const { Records = [], FailedRecordCount } = await put(entries(40, firstHalf));
    const failed = Records.filter(({ ErrorCode }) => ErrorCode === 'InternalFailure').length;
    expect(Records).toHaveLength(40);
    expect(failed).toBe(FailedRecordCount);
    expect(failed).toBeGreaterThan(8);
    expect(failed).toBeLessThan(32);
    expect((await recordsIn(0)) - before).toBe(40 - failed);
  });
});
