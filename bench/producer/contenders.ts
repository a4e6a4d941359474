import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createKinesisClient } from '../../producer/client/kinesis-client';
import type { OutgoingEvent } from '../../producer/client/outgoing-event';
import type { Packing } from '../../producer/client/packing/packer';
import { createProducer } from '../../producer/client/producer';
import { putRecords } from '../../producer/client/put-records';

type Events = readonly OutgoingEvent[];

/** A way to put events into a stream. */
export interface PutContender {
  readonly name: string;
  readonly what: string;
  /** Events that it sends for each one of the slowest contender. */
  readonly scale: number;
  /** Makes the client, which lives as long as a process. */
  client(endpoint: string): KinesisClient;
  /** Sends all events; returns how many were accepted. */
  send(client: KinesisClient, events: Events): Promise<number>;
}

const StreamName = 'clicks';
const access = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
};
/** What AWS takes in one `PutRecords`. */
const recordsOfRequest = 500;
/** The producer's default. */
const requestsAtOnce = 4;
const scale = 240;

const productClient = (endpoint: string) => createKinesisClient({ ...access, endpoint });

export const contenders: readonly PutContender[] = [
  {
    name: 'one-put-record',
    what: 'the SDK’s default client, one PutRecord an event',
    scale: 1,
    client: (endpoint) => new KinesisClient({ ...access, endpoint }),
    send: async (client, events) => {
      let accepted = 0;
      for (const { data: Data, partitionKey: PartitionKey } of events) {
        const { SequenceNumber } = await client.send(
          new PutRecordCommand({ StreamName, Data, PartitionKey }),
        );
        if (SequenceNumber) accepted++;
      }
      return accepted;
    },
  },
  {
    name: 'put-records',
    what: 'the SDK’s default client, PutRecords of 500',
    scale,
    client: (endpoint) => new KinesisClient({ ...access, endpoint }),
    send: sendRecords,
  },
  {
    name: 'put-records-kept',
    what: 'the same over a kept connection',
    scale,
    client: (endpoint) => new KinesisClient({ ...access, endpoint, requestHandler: new NodeHttpHandler() }),
    send: sendRecords,
  },
  { name: 'none', what: 'this producer, unpacked', scale, client: productClient, send: deliver('none') },
  {
    name: 'ndjson',
    what: 'this producer, packed as NDJSON',
    scale,
    client: productClient,
    send: deliver('ndjson'),
  },
  { name: 'kpl', what: 'this producer, packed as KPL', scale, client: productClient, send: deliver('kpl') },
  {
    name: 'client-alone',
    what: 'the floor: its client alone, PutRecords of 500, four at once',
    scale,
    client: productClient,
    // No order, nothing is sent again, no receipts.
    send: async (client, events) => {
      const requests = requestsOf(events).values();
      let accepted = 0;
      const worker = async () => {
        for (const request of requests) {
          const result = await putRecords(client, StreamName, request);
          if (result.kind === 'answered') accepted += result.entries.filter(({ ok }) => ok).length;
        }
      };
      await Promise.all(Array.from({ length: requestsAtOnce }, worker));
      return accepted;
    },
  },
];

function requestsOf(events: Events): Events[] {
  return Array.from({ length: Math.ceil(events.length / recordsOfRequest) }, (_, index) =>
    events.slice(index * recordsOfRequest, (index + 1) * recordsOfRequest),
  );
}

/** As the SDK's guide has it: a request at a time; events that failed are counted, and lost. */
async function sendRecords(client: KinesisClient, events: Events): Promise<number> {
  let accepted = 0;
  for (const request of requestsOf(events)) {
    const Records = request.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey }));
    const { FailedRecordCount = 0 } = await client.send(new PutRecordsCommand({ StreamName, Records }));
    accepted += Records.length - FailedRecordCount;
  }
  return accepted;
}

function deliver(packing: Packing): PutContender['send'] {
  return async (client, events) => {
    const producer = createProducer({ client, streamName: StreamName, packing, shardBudget: 'unlimited' });
    let accepted = 0;
    for (const event of events) {
      if (!producer.hasRoom()) await producer.room();
      producer.deliver(event, (receipt) => {
        if (receipt.accepted) accepted++;
      });
    }
    await producer.close();
    return accepted;
  };
}
