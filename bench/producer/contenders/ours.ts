import { createKinesisClient } from '../../../producer/client/kinesis-client';
import type { OutgoingEvent } from '../../../producer/client/outgoing-event';
import type { Packing } from '../../../producer/client/packing/packer';
import { createProducer } from '../../../producer/client/producer';
import { putRecords } from '../../../producer/client/put-records';
import type { Receipt } from '../../../producer/client/receipt';
import { credentials, type Prepared, recordsOfRequest, region, streamName } from '../contender';

export function ours(packing: Packing) {
  return (events: readonly OutgoingEvent[], endpoint: string): Prepared => {
    const client = createKinesisClient({ region, credentials, endpoint });
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

/** The producer's default. */
export const requestsOfClient = 4;

/** The producer's client without the producer: no order, nothing is sent again, no receipts. */
export function clientAlone(events: readonly OutgoingEvent[], endpoint: string): Prepared {
  const client = createKinesisClient({ region, credentials, endpoint });
  const send = async () => {
    let next = 0;
    let accepted = 0;
    const worker = async () => {
      while (next < events.length) {
        const request = events.slice(next, next + recordsOfRequest);
        next += request.length;
        const result = await putRecords(client, streamName, request);
        if (result.kind === 'answered') accepted += result.entries.filter(({ ok }) => ok).length;
      }
    };
    await Promise.all(Array.from({ length: requestsOfClient }, worker));
    return accepted;
  };
  return { send, close: () => client.destroy() };
}
