import { createKinesisClient } from '../../../producer/kinesis-client';
import type { OutgoingEvent } from '../../../producer/outgoing-event';
import type { Packing } from '../../../producer/packing/packer';
import { createProducer } from '../../../producer/producer';
import type { Receipt } from '../../../producer/receipt';
import { credentials, type Prepared, region, streamName } from '../contender';

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
