import type { PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { answeredOf, type OnAnswered } from '../../../emulators/on-answered';
import { serverErrorAnswer, throttlingAnswer } from '../../../local/fault-injection/error-answers';
import { decideFault } from '../../../local/fault-injection/fault';
import type { ChaosProfile } from '../../../local/fault-injection/profile';
import { createShardGate } from '../../../local/fault-injection/shard-gate';
import {
  type Forward,
  type Gate,
  jsonAnswer,
  parseBody,
  type WireAnswer,
  type WireRequest,
} from '../../../local/fault-injection/wire';
import type { ObjectStore } from '../../../local/object-store';
import type { StreamReader } from '../../../local/stream-reader';
import type { PutRecordsClient } from '../../../producer/client/put-records';
import { createShardMap } from '../../../producer/client/shards/shard-map';
import type { DynamoCalls } from '../../../table/dynamo-calls';
import { type FakeStream, named } from '../../support/fake-stream-reader';

export interface SimulatedServices {
  readonly dynamo: DynamoCalls;
  readonly reader: StreamReader;
  readonly objects: ObjectStore;
  /** What the SDK's client of the stream is to whoever puts. */
  readonly kinesis: PutRecordsClient;
  /** Puts records of these texts by one call of PutRecords; who is refused does not try again. */
  putRecords(texts: readonly string[]): Promise<void>;
  /** From now on the services meet the faults of this profile. */
  expose(profile: ChaosProfile): Promise<void>;
}

export interface SimulatedServicesPorts {
  readonly stream: FakeStream;
  readonly shardId: string;
  readonly streamName: string;
  readonly table: DynamoCalls;
  readonly tableName: string;
  readonly objects: ObjectStore;
  readonly now: () => number;
  readonly onAnswered: OnAnswered;
}

const seed = 'proof';
/** Whose iterator a read has does not matter to the limits of a shard. */
const iterator = { ShardIterator: 'iterator', NextShardIterator: 'iterator' };

/**
 * Kinesis, DynamoDB and S3 in memory, which answer as the laptop's proxies make them answer: with the faults of a profile
 * and the limits of shards. What is answered is told as it is told on the wire.
 */
export function simulatedServices(ports: SimulatedServicesPorts): SimulatedServices {
  const { stream, shardId, streamName, table, tableName, now, onAnswered } = ports;
  let profile: ChaosProfile = { faults: [] };
  let requests = 0;

  const kinesis: Forward = async ({ body }) => {
    const { Records } = parseBody<{ readonly Records?: readonly { readonly Data: string }[] }>(body) ?? {};
    if (!Records) return jsonAnswer('kinesis', 200, iterator);
    for (const { Data } of Records) stream.put(shardId, Buffer.from(Data, 'base64'));
    const put = Records.map(() => ({ ShardId: shardId, SequenceNumber: '1' }));
    return jsonAnswer('kinesis', 200, { FailedRecordCount: 0, Records: put });
  };
  const unlimited: Gate = (_operation, request) => kinesis(request);
  let gate = unlimited;

  const tell = (service: 'kinesis' | 'dynamodb', operation: string, body: Buffer, answer: WireAnswer): void =>
    onAnswered(answeredOf({ service, operation, status: answer.status }, body, answer.body));

  const ask = async (operation: string, input: object): Promise<WireAnswer> => {
    const body = Buffer.from(JSON.stringify(input));
    const request: WireRequest = { method: 'POST', url: '/', headers: {}, body };
    const fault = decideFault(profile, seed, 'kinesis', operation, requests++);
    const answer = fault ? serverErrorAnswer('kinesis') : await gate(operation, request);
    tell('kinesis', operation, body, answer);
    return answer;
  };

  /** The call, or the error that the SDK makes of a refusal. */
  const through =
    <Input, Output>(operation: string, call: (input: Input, signal?: AbortSignal) => Promise<Output>) =>
    async (input: Input, signal?: AbortSignal): Promise<Output> => {
      const fault = decideFault(profile, seed, 'dynamodb', operation, requests++);
      if (!fault) return call(input, signal);
      const answer =
        fault.kind === 'throttle'
          ? throttlingAnswer('dynamodb', operation, fault.random)
          : serverErrorAnswer('dynamodb');
      tell('dynamodb', operation, Buffer.from(JSON.stringify({ TableName: tableName })), answer);
      const type = parseBody<{ readonly __type: string }>(answer.body)!.__type;
      throw named(type.split('#').at(-1)!);
    };

  return {
    dynamo: {
      get: through('GetItem', table.get),
      batchGet: through('BatchGetItem', table.batchGet),
      query: through('Query', table.query),
      put: through('PutItem', table.put),
      update: through('UpdateItem', table.update),
    },
    reader: {
      ...stream.reader,
      read: async (from, limit) => {
        const { status } = await ask('GetRecords', iterator);
        if (status !== 200) throw named('ProvisionedThroughputExceededException');
        return stream.reader.read(from, limit);
      },
    },
    objects: {
      put: async (object) => {
        if (decideFault(profile, seed, 's3', 'PutObject', requests++)) throw named('InternalError');
        await ports.objects.put(object);
      },
    },
    kinesis: {
      send: async ({ input: { Records = [], ...input } }) => {
        const encoded = Records.map(({ Data, ...key }) => ({
          ...key,
          Data: Buffer.from(Data!).toString('base64'),
        }));
        const { status, body } = await ask('PutRecords', { ...input, Records: encoded });
        const $metadata = { httpStatusCode: status };
        const answer = parseBody<{ readonly __type?: string; Records: PutRecordsResultEntry[] }>(body)!;
        if (status !== 200) throw Object.assign(named(answer.__type ?? 'Error'), { $metadata });
        return { Records: answer.Records, $metadata };
      },
    },
    putRecords: async (texts) => {
      const Records = texts.map((text) => ({
        Data: Buffer.from(text).toString('base64'),
        PartitionKey: 'visitor-1',
      }));
      if (Records.length > 0) await ask('PutRecords', { StreamName: streamName, Records });
    },
    expose: async (next) => {
      profile = next;
      gate = unlimited;
      if (!next.shardLimits) return;
      const everyKey = { firstHash: '0'.repeat(32), lastHash: 'f'.repeat(32) };
      gate = createShardGate(next.shardLimits, {
        forward: kinesis,
        listShards: async () => createShardMap([{ id: shardId, ...everyKey }]),
        accountId: '000000000000',
        elapsed: now,
        onRefused: () => {},
      });
      // The gate learns whose an iterator is when it is given out.
      await ask('GetShardIterator', { StreamName: streamName, ShardId: shardId });
    },
  };
}
