import type { DynamoCalls } from '../../../lambda/aggregator/dynamo-calls';
import { clickJson } from '../../support/click-factory';
import { createMemoryDynamo } from '../../support/memory-dynamo';
import { arrival, cleanPass, deliver, faulty, shardRecords } from './shard-simulator';

function item(dynamo: ReturnType<typeof createMemoryDynamo>, pk: string, sk: string) {
  return dynamo.items().find((candidate) => candidate.pk?.S === pk && candidate.sk?.S?.startsWith(sk));
}

describe('A batch', () => {
  it('counts each event in its minute and its hour, under every dimension', async () => {
    const records = shardRecords([
      clickJson({
        type: 'click',
        page: '/p',
        element: 'buy',
        referrer: 'https://a.example/x',
        userAgent: 'curl/8.5.0',
      }),
      clickJson({ type: 'click', page: '/p', timestamp: '2026-03-01T09:58:00Z' }),
    ]);
    const dynamo = await cleanPass(records);
    const minute = 'minute#2026-03-01T09:59:00Z#clicks/shardId-000000000000';
    const hour = 'hour#2026-03-01T09:00:00Z#clicks/shardId-000000000000';
    const summary = dynamo
      .items()
      .filter(({ sk }) => sk?.S === minute || sk?.S === hour)
      .flatMap((found) =>
        Object.entries(found)
          .filter(([name]) => name.startsWith('n:'))
          .map(
            ([name, { N }]) =>
              `${found.pk?.S?.split('#')[0]} ${found.sk?.S?.split('#')[0]} ${name.slice(2)} ${N}`,
          ),
      )
      .sort();
    expect(summary).toEqual([
      'bot hour bot 1',
      'bot hour human 1',
      'bot minute bot 1',
      'device hour other 1',
      'device hour unknown 1',
      'device minute other 1',
      'element hour buy 1',
      'element minute buy 1',
      'page hour /p 2',
      'page minute /p 1',
      'referrer hour a.example 1',
      'referrer minute a.example 1',
      'total hour all 2',
      'total minute all 1',
      'type hour click 2',
      'type minute click 1',
    ]);
  });

  it('counts what is invalid by reason in the window of its arrival, and what is late in its own window as well', async () => {
    const records = shardRecords(['oops', clickJson({ timestamp: '2015-05-17T10:05:03Z' })]);
    const dynamo = createMemoryDynamo();
    const outcome = await deliver(dynamo, records);
    expect(item(dynamo, 'invalid#0', 'minute#2026-03-01T10:00:00Z')?.['n:not_json']).toEqual({ N: '1' });
    expect(item(dynamo, 'late#0', 'minute#2015-05-17T10:05:00Z')?.['n:late']).toEqual({ N: '1' });
    expect(item(dynamo, 'total#0', 'minute#2015-05-17T10:05:00Z')?.['n:all']).toEqual({ N: '1' });
    expect(outcome).toMatchObject({ records: 2, valid: 1, late: 1 });
    expect([...outcome.invalidByReason]).toEqual([['not_json', 1]]);
  });

  it('lets an item live for its window’s retention after the arrival of its last event, however old the window', async () => {
    const dynamo = await cleanPass(shardRecords([clickJson({ timestamp: '2015-05-17T10:05:03Z' })]));
    expect(item(dynamo, 'total#0', 'minute')?.expiresAt).toEqual({ N: String(arrival / 1000 + 7 * 86_400) });
    expect(item(dynamo, 'total#0', 'hour')?.expiresAt).toEqual({ N: String(arrival / 1000 + 30 * 86_400) });
  });

  it('counts a cut value as cut', async () => {
    const dynamo = await cleanPass(shardRecords([clickJson({ type: 't'.repeat(300) })]));
    expect(item(dynamo, 'type#0', 'hour')).toMatchObject({
      cut: { N: '1' },
      [`n:${'t'.repeat(200)}`]: { N: '1' },
    });
  });

  it('reports the lowest record that some item lacks, with the errors by name', async () => {
    const records = shardRecords([
      clickJson({ page: '/a' }),
      clickJson({ type: 'rare' }),
      clickJson({ type: 'rarer' }),
    ]);
    const throttled = Object.assign(new Error('Throughput exceeds the current capacity'), {
      name: 'ThrottlingException',
    });
    const dynamo = createMemoryDynamo();
    const calls: DynamoCalls = {
      ...dynamo,
      update: async (input, signal) => {
        if (
          'n:rare' in
          Object.fromEntries(Object.values(input.ExpressionAttributeNames ?? {}).map((name) => [name, 0]))
        ) {
          if (input.Key?.sk?.S?.startsWith('minute')) throw throttled;
        }
        return dynamo.update(input, signal);
      },
    };
    const outcome = await deliver(calls, records);
    // The item of types holds all three events, so none of its counts was made.
    expect(outcome.lowestUnfinished).toBe(records[0]!.sequenceNumber);
    expect([...outcome.unfinishedByError]).toEqual([['ThrottlingException', 1]]);
  });

  it('starts no write once its time is over, and leaves the records to the next delivery', async () => {
    const records = shardRecords([clickJson(), clickJson()]);
    const dynamo = createMemoryDynamo();
    const outcome = await deliver(dynamo, records, undefined, AbortSignal.abort());
    expect(dynamo.counts.applied).toBe(0);
    expect(outcome.lowestUnfinished).toBe(records[0]!.sequenceNumber);
    expect([...outcome.unfinishedByError.keys()]).toEqual(['AbortError']);
  });

  it('takes a write whose answer was lost for made when it comes back', async () => {
    const records = shardRecords([clickJson()]);
    const dynamo = createMemoryDynamo();
    const first = await deliver(faulty(dynamo, new Map([[0, 'after']])), records);
    expect(first.lowestUnfinished).toBe(records[0]!.sequenceNumber);
    const second = await deliver(dynamo, records);
    expect(second).toMatchObject({ itemsWritten: 0, recordsAlreadyCounted: 1 });
    expect(second.lowestUnfinished).toBeUndefined();
  });

  it('goes on with an item that somebody has put right by hand, without its bound', async () => {
    const records = shardRecords([clickJson(), clickJson(), clickJson()]);
    const dynamo = await cleanPass(records.slice(0, 2));
    const signal = new AbortController().signal;
    for (const { sizeBound, ...Item } of dynamo.items())
      await dynamo.put({ TableName: 'aggregates', Item }, signal);
    // The first record comes again, so that each item is read before it is written.
    const outcome = await deliver(dynamo, records.slice(1));
    expect(outcome.lowestUnfinished).toBeUndefined();
    expect(item(dynamo, 'total#0', 'hour')).toMatchObject({ 'n:all': { N: '3' } });
    expect(Number(item(dynamo, 'total#0', 'hour')?.sizeBound?.N)).toBeGreaterThan(0);
  });
});
