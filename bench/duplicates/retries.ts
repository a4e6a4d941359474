import { ListShardsCommand, type PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { unpack } from '../../domain/event/kpl';
import { seededRandom } from '../../domain/numbers/random';
import { outgoingEvent } from '../../producer/client/outgoing-event';
import type { Packing } from '../../producer/client/packing/packer';
import { createProducer, type ProducerClient } from '../../producer/client/producer';
import { createClickGenerator } from '../../producer/traffic/click-generator';

export interface RetryRow {
  readonly packing: Packing;
  /** Share of the `PutRecords` requests that acted and were not answered. */
  readonly lostAnswers: number;
  readonly requests: number;
  /** Events in the stream beyond the first copy of each, as a share of the events sent. */
  readonly duplicates: number;
}

/** What 50 ms of waiting for company come to at 500 events a second. */
const eventsPerRequest = 25;

const lineFeed = 0x0a;

/** Sends events through the producer to a stream that acts on every request, and does not answer some. */
export async function measureRetries(
  packing: Packing,
  lostAnswers: number,
  events: number,
): Promise<RetryRow> {
  const random = seededRandom(`answers ${packing} ${lostAnswers}`);
  let requests = 0;
  let taken = 0;
  const send = async (command: PutRecordsCommand | ListShardsCommand) => {
    if (command instanceof ListShardsCommand) return { $metadata: {}, Shards: [shard] };
    requests++;
    const records = command.input.Records ?? [];
    for (const { Data } of records) taken += eventsIn(Data ?? new Uint8Array());
    if (random.float() < lostAnswers) throw Object.assign(new Error('no answer'), { code: 'ECONNRESET' });
    return { $metadata: {}, Records: records.map(() => ({ ShardId: shard.ShardId, SequenceNumber: '1' })) };
  };
  const producer = createProducer({
    client: { send: send as ProducerClient['send'] },
    streamName: 'clicks',
    packing,
    shardBudget: 'unlimited',
    backoff: { baseMs: 1, capMs: 1 },
    random: () => 0,
  });
  const clicks = createClickGenerator(seededRandom('retries'));
  for (let sent = 0; sent < events; sent += eventsPerRequest) {
    for (let i = 0; i < eventsPerRequest; i++) {
      // One key each, since events of one key would wait for one another.
      producer.deliver({ ...outgoingEvent(clicks.next(0)), partitionKey: String(sent + i) }, () => {});
    }
    await producer.flush();
  }
  const { accepted } = producer.stats();
  await producer.close();
  if (accepted !== events) throw new Error(`${accepted} of ${events} events were accepted`);
  return { packing, lostAnswers, requests, duplicates: taken / events - 1 };
}

const shard = {
  ShardId: 'shardId-000000000000',
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
  SequenceNumberRange: { StartingSequenceNumber: '0' },
};

function eventsIn(data: Uint8Array): number {
  return unpack(data).reduce((sum, inner) => {
    const lines = inner.data.filter((byte) => byte === lineFeed).length;
    return sum + lines + (inner.data.at(-1) === lineFeed ? 0 : 1);
  }, 0);
}
