import { Agent, request } from 'node:https';
import type { OutgoingEvent } from '../../../producer/client/outgoing-event';
import { createPacker } from '../../../producer/client/packing/packer';
import { credentials, type Prepared, recordsOfRequest, region, streamName } from '../contender';
import { signed } from '../sign';

export const requestsOfRaw = 4;

/** A request as short as the service takes it. Resolves to the answer's body. */
function post(agent: Agent, endpoint: URL, body: Buffer): Promise<Buffer> {
  const headers = {
    host: endpoint.host,
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'Kinesis_20131202.PutRecords',
  };
  const access = { ...credentials, region, service: 'kinesis' };
  return new Promise((resolve, reject) => {
    request(
      endpoint,
      {
        method: 'POST',
        agent,
        headers: { ...signed(headers, body, access, new Date()), 'content-length': body.length },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks)));
      },
    )
      .on('error', reject)
      .end(body);
  });
}

/** Sends what `bodies` makes, several at once, and adds up what `accepted` reads in the answers. */
async function sendAll(
  endpoint: string,
  agent: Agent,
  bodies: Iterator<Buffer>,
  accepted: (answer: Buffer) => number,
): Promise<number> {
  const url = new URL(endpoint);
  let sum = 0;
  const worker = async () => {
    for (let next = bodies.next(); !next.done; next = bodies.next()) {
      const answer = await post(agent, url, next.value);
      sum += accepted(answer);
    }
  };
  await Promise.all(Array.from({ length: requestsOfRaw }, worker));
  return sum;
}

interface Answer {
  readonly FailedRecordCount: number;
  readonly Records: readonly unknown[];
}

/** Puts each event into the request's text as it comes, signs, sends, reads the answer: nothing else. */
export function rawPutRecords(events: readonly OutgoingEvent[], endpoint: string): Prepared {
  const agent = new Agent({ keepAlive: true });
  function* bodies() {
    for (let start = 0; start < events.length; start += recordsOfRequest) {
      let body = `{"StreamName":"${streamName}","Records":[`;
      const end = Math.min(start + recordsOfRequest, events.length);
      for (let index = start; index < end; index++) {
        const { data, partitionKey } = events[index]!;
        body += `${index > start ? ',' : ''}{"Data":"${base64(data)}","PartitionKey":${JSON.stringify(partitionKey)}}`;
      }
      yield Buffer.from(`${body}]}`);
    }
  }
  const accepted = (answer: Buffer) => {
    const { FailedRecordCount, Records } = JSON.parse(answer.toString()) as Answer;
    return Records.length - FailedRecordCount;
  };
  return { send: () => sendAll(endpoint, agent, bodies(), accepted), close: () => agent.destroy() };
}

const recordsOfPacked = 160;

/** Packed bodies that were made beforehand: what signing, HTTP and the server take by themselves. */
export function rawReadyMade(events: readonly OutgoingEvent[], endpoint: string): Prepared {
  const records = packed(events);
  const agent = new Agent({ keepAlive: true });
  const bodies: Buffer[] = [];
  for (let start = 0; start < records.length; start += recordsOfPacked) {
    const Records = records.slice(start, start + recordsOfPacked);
    bodies.push(Buffer.from(JSON.stringify({ StreamName: streamName, Records })));
  }
  const send = async () => {
    await sendAll(endpoint, agent, bodies.values(), () => 0);
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
    records.push({ Data: base64(open?.seal() ?? first.data), PartitionKey: first.partitionKey });
  }
  return records;
}

function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}
