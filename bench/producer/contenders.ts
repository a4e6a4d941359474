import { Agent, request } from 'node:http';
import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createKinesisClient } from '../../producer/kinesis-client';
import type { OutgoingEvent } from '../../producer/outgoing-event';
import { createPacker, type Packing } from '../../producer/packing/packer';
import { createProducer } from '../../producer/producer';
import type { Receipt } from '../../producer/receipt';

/** A way to put events into a stream. */
export interface Contender {
  readonly name: string;
  readonly what: string;
  /** How many events keep it busy for as long as 1 keeps the first one. */
  readonly scale: number;
  /** Makes everything that is made once in a process's life. */
  prepare(events: readonly OutgoingEvent[], endpoint: string): Prepared;
}

export interface Prepared {
  /** Sends all events; returns how many were accepted. */
  send(): Promise<number>;
  close(): void;
}

const streamName = 'clicks';
const access = { region: 'eu-central-1', credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' } };

/** As one makes it from the SDK's guide, but for HTTP/1.1: the default handler needs TLS for its HTTP/2. */
function plainClient(endpoint: string): KinesisClient {
  return new KinesisClient({ ...access, endpoint, requestHandler: new NodeHttpHandler() });
}

function onePutRecordEach(events: readonly OutgoingEvent[], endpoint: string): Prepared {
  const client = plainClient(endpoint);
  const send = async () => {
    let accepted = 0;
    for (const { data, partitionKey } of events) {
      const { SequenceNumber } = await client.send(
        new PutRecordCommand({ StreamName: streamName, Data: data, PartitionKey: partitionKey }),
      );
      if (SequenceNumber) accepted++;
    }
    return accepted;
  };
  return { send, close: () => client.destroy() };
}

function naivePutRecords(events: readonly OutgoingEvent[], endpoint: string): Prepared {
  const client = plainClient(endpoint);
  const send = async () => {
    let accepted = 0;
    for (let start = 0; start < events.length; start += 500) {
      const Records = events
        .slice(start, start + 500)
        .map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey }));
      const output = await client.send(new PutRecordsCommand({ StreamName: streamName, Records }));
      accepted += Records.length - (output.FailedRecordCount ?? 0);
    }
    return accepted;
  };
  return { send, close: () => client.destroy() };
}

function ours(packing: Packing) {
  return (events: readonly OutgoingEvent[], endpoint: string): Prepared => {
    const client = createKinesisClient({ ...access, endpoint });
    const send = async () => {
      const producer = createProducer({ client, streamName, packing, shardBudget: 'unlimited' });
      let accepted = 0;
      const settled = (receipt: Receipt) => {
        if (receipt.accepted) accepted++;
      };
      for (const event of events) {
        if (!producer.hasRoom()) await producer.room();
        producer.deliver(event, settled);
      }
      await producer.close();
      return accepted;
    };
    return { send, close: () => client.destroy() };
  };
}

const recordsOfFloor = 160;
const requestsOfFloor = 4;

/** Packed bodies that were made beforehand, and are not signed: what HTTP and the server take by themselves. */
function rawHttp(events: readonly OutgoingEvent[], endpoint: string): Prepared {
  const records = packed(events);
  const agent = new Agent({ keepAlive: true });
  const bodies: Buffer[] = [];
  for (let start = 0; start < records.length; start += recordsOfFloor) {
    const Records = records.slice(start, start + recordsOfFloor);
    bodies.push(Buffer.from(JSON.stringify({ StreamName: streamName, Records })));
  }
  const post = (body: Buffer) =>
    new Promise<void>((resolve, reject) => {
      const headers = {
        'content-type': 'application/x-amz-json-1.1',
        'content-length': body.length,
        'x-amz-target': 'Kinesis_20131202.PutRecords',
      };
      request(endpoint, { method: 'POST', agent, headers }, (response) =>
        response.on('end', resolve).resume(),
      )
        .on('error', reject)
        .end(body);
    });
  const send = async () => {
    const queue = bodies.values();
    const worker = async () => {
      for (const body of queue) await post(body);
    };
    await Promise.all(Array.from({ length: requestsOfFloor }, worker));
    return events.length;
  };
  return { send, close: () => agent.destroy() };
}

function packed(events: readonly OutgoingEvent[]): { Data: string; PartitionKey: string }[] {
  const packer = createPacker('ndjson');
  const records: { Data: string; PartitionKey: string }[] = [];
  for (let index = 0; index < events.length; ) {
    const first = events[index++]!;
    const open = packer.begin(first);
    while (open && index < events.length && open.add(events[index]!)) index++;
    const data = open?.seal() ?? first.data;
    records.push({ Data: Buffer.from(data).toString('base64'), PartitionKey: first.partitionKey });
  }
  return records;
}

export const contenders = [
  { name: 'one-put-record', what: 'one PutRecord an event', scale: 1, prepare: onePutRecordEach },
  {
    name: 'naive-put-records',
    what: 'PutRecords of 500, one at a time',
    scale: 60,
    prepare: naivePutRecords,
  },
  { name: 'ours-none', what: 'this producer, unpacked', scale: 60, prepare: ours('none') },
  { name: 'ours-ndjson', what: 'this producer, packed as NDJSON', scale: 100, prepare: ours('ndjson') },
  { name: 'ours-kpl', what: 'this producer, packed as KPL', scale: 100, prepare: ours('kpl') },
  { name: 'raw-http', what: 'the floor: packed bodies, ready-made', scale: 200, prepare: rawHttp },
] as const satisfies readonly Contender[];
