import fc from 'fast-check';
import { type AdaptPorts, adaptBatch } from '../../../lambda/adapter/adapt-batch';
import { requestsInOrder } from '../../../lambda/adapter/put-order';
import type { OutgoingEvent } from '../../../producer/client/outgoing-event';
import { shardRecord } from './log-record-factory';

const event = (key: string, text: string): OutgoingEvent => ({
  data: Buffer.from(`{"${text}"}`),
  partitionKey: key,
});
const textsOf = (records: readonly OutgoingEvent[]) =>
  records.flatMap(({ data }) => Buffer.from(data).toString().split('\n'));

describe('Requests in order', () => {
  it('hold every event once, those of a key in their order, and no key twice', () => {
    const events = fc.array(
      fc.record({
        key: fc.constantFrom('a', 'b', 'c'),
        bytes: fc.constantFrom(10, 9_000, 26_000),
        isLine: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(events, (all) => {
        const sent = all.map(({ key, bytes, isLine }, index) => ({
          ...event(key, `${index} ${'x'.repeat(bytes)}`),
          ...(!isLine && { data: Buffer.from(`${index} no line`) }),
        }));
        const requests = requestsInOrder(sent);
        for (const records of requests) {
          const keys = records.map(({ partitionKey }) => partitionKey);
          expect(new Set(keys).size).toBe(keys.length);
        }
        for (const key of ['a', 'b', 'c']) {
          const of = (records: readonly OutgoingEvent[]) =>
            textsOf(records.filter(({ partitionKey }) => partitionKey === key));
          expect(of(requests.flat())).toEqual(of(sent));
        }
      }),
    );
  });

  it('have at most 500 records and 5 MiB', () => {
    const many = Array.from({ length: 1_203 }, (_, n) => event(`visitor-${n}`, `${n}`));
    expect(requestsInOrder(many).map(({ length }) => length)).toEqual([500, 500, 203]);
    const large = Array.from({ length: 12 }, (_, n) => event(`visitor-${n}`, 'x'.repeat(1_000_000)));
    expect(requestsInOrder(large).map(({ length }) => length)).toEqual([5, 5, 2]);
  });
});

/** A batch of `count` records, each of so many events; the request of this number fails, and `put` has all others. */
async function adapted(count: number, events: number, failing = Number.POSITIVE_INFINITY) {
  const put: string[] = [];
  let requests = 0;
  const ports: AdaptPorts = {
    adapt: (_, { sequenceNumber }) => ({
      outgoing: Array.from({ length: events }, (_, n) =>
        event(`${sequenceNumber}-${n}`, `${sequenceNumber} ${n}`),
      ),
      lines: events,
      badLines: 1,
    }),
    put: async (records) => {
      if (requests++ === failing) return { kind: 'failed', because: 'Throttled', mayHaveArrived: true };
      put.push(...textsOf(records));
      return { kind: 'accepted' };
    },
  };
  const records = Array.from({ length: count }, (_, index) => shardRecord('', String(7_000 + index)));
  return { put, requests: () => requests, batch: await adaptBatch('logs/shard', records, ports) };
}

describe('A batch', () => {
  it('is done when everything is acknowledged', async () => {
    const { put, batch } = await adapted(5, 900);
    expect(put).toHaveLength(4_500);
    expect(batch).toEqual({ records: 5, lines: 4_500, badLines: 5 });
  });

  it('that fails is done up to the records that were under way, and nothing behind them was put', async () => {
    // Three records make a chunk, and a chunk six requests: the second one fails in its third.
    const { put, requests, batch } = await adapted(9, 900, 8);
    expect(batch).toEqual({
      ...{ records: 3, lines: 2_700, badLines: 3 },
      ...{ lowestUnfinished: '7003', unfinishedBecause: 'Throttled' },
    });
    expect(requests()).toBe(9);
    expect(put.some((text) => text.includes('7006'))).toBe(false);
  });

  it('without records is done', async () => {
    expect((await adapted(0, 1)).batch).toEqual({ records: 0, lines: 0, badLines: 0 });
  });
});
