import fc from 'fast-check';
import type { ShardRecord } from '../../../domain/fold';
import { seededRandom } from '../../../domain/random';
import { clickJson } from '../../support/click-factory';
import { createMemoryDynamo, type MemoryDynamo } from '../../support/memory-dynamo';
import { streamRecord } from '../../support/stream-record-arbitrary';
import { arrival, cleanPass, contents, type Fault, shardRecords } from './shard-simulator';
import {
  cleanSketches,
  type Environment,
  environment,
  failing,
  interrupted,
  sketches,
} from './unique-simulator';

const shard = fc.array(streamRecord, { minLength: 1, maxLength: 14 }).map(shardRecords);
const faults = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.constantFrom<Fault>('before', 'after')), {
    maxLength: 14,
  })
  .map((script) => new Map(script));

/** Delivers as a mapping does: on from the lowest unfinished record, by whichever function is at hand. */
async function deliverAll(
  environments: readonly Environment[],
  turns: readonly number[],
  records: readonly ShardRecord[],
  batchSize: number,
): Promise<void> {
  let start = 0;
  for (let delivery = 0; start < records.length; delivery++) {
    expect(delivery).toBeLessThan(200);
    const batch = records.slice(start, start + batchSize);
    const turn = turns[delivery % turns.length]!;
    const { lowestUnfinished } = await environments[turn]!.deliver(batch);
    const unfinished = batch.findIndex(({ sequenceNumber }) => sequenceNumber === lowestUnfinished);
    start += unfinished === -1 ? batch.length : unfinished;
  }
}

/** Of sketches and counters. */
async function expectCleanPass(dynamo: MemoryDynamo, records: readonly ShardRecord[]): Promise<void> {
  expect(sketches(dynamo)).toEqual(await cleanSketches(records));
  expect(counters(dynamo)).toEqual(contents(await cleanPass(records)));
}

function counters(dynamo: MemoryDynamo): Record<string, unknown> {
  return Object.fromEntries(Object.entries(contents(dynamo)).filter(([id]) => !id.startsWith('unique-')));
}

const turns = fc.array(fc.constantFrom(0, 1, 2), { minLength: 1, maxLength: 12 });

describe('Sketches and counters equal those of one clean pass', () => {
  it('when any calls fail, before or after the table acted, and warm functions take turns', async () => {
    await fc.assert(
      fc.asyncProperty(
        shard,
        faults,
        turns,
        fc.integer({ min: 1, max: 14 }),
        async (records, script, order, size) => {
          const dynamo = createMemoryDynamo();
          const calls = failing(dynamo, script);
          await deliverAll(
            [environment(calls), environment(calls), environment(calls)],
            order,
            records,
            size,
          );
          await expectCleanPass(dynamo, records);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('when functions with what they once knew deliver anything again, as after a lost checkpoint', async () => {
    const again = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat(), fc.integer({ min: 1, max: 14 })), {
      minLength: 1,
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(shard, again, async (records, deliveries) => {
        const dynamo = createMemoryDynamo();
        const environments = [environment(dynamo), environment(dynamo), environment(dynamo)];
        let reached = 0;
        for (const [turn, from, length] of deliveries) {
          const start = from % (reached + 1);
          const batch = records.slice(start, start + length);
          if (batch.length > 0) await environments[turn]!.deliver(batch);
          reached = Math.max(reached, start + batch.length);
        }
        if (reached < records.length) await environments[0]!.deliver(records.slice(reached));
        await expectCleanPass(dynamo, records);
      }),
      { numRuns: 80 },
    );
  });

  it('when a function that timed out goes on writing, while another has the batch and those after it', async () => {
    const latePut = fc.nat({ max: 12 });
    const length = fc.integer({ min: 1, max: 8 });
    await fc.assert(
      fc.asyncProperty(shard, latePut, length, fc.boolean(), async (records, put, size, isWarm) => {
        const dynamo = createMemoryDynamo();
        const other = environment(dynamo);
        // What the late one knows from before; or nothing, and it takes what it finds.
        const warmUp = records.slice(0, isWarm ? 2 : 0);
        let meanwhile = async () => {};
        const late = environment(interrupted(dynamo, put, () => meanwhile()));
        if (warmUp.length > 0) await late.deliver(warmUp);
        meanwhile = () => deliverAll([other], [0], records, 3);
        await late.deliver(records.slice(0, size));
        await deliverAll([other, late], [0, 1], records, 4);
        await expectCleanPass(dynamo, records);
      }),
      { numRuns: 80 },
    );
  });

  it('when caches are too small to keep anything for long', async () => {
    await fc.assert(
      fc.asyncProperty(
        shard,
        faults,
        turns,
        fc.nat({ max: 6_000 }),
        async (records, script, order, bytes) => {
          const dynamo = createMemoryDynamo();
          const calls = failing(dynamo, script);
          const environments = [
            environment(calls, bytes),
            environment(calls, bytes),
            environment(calls, bytes),
          ];
          await deliverAll(environments, order, records, 2);
          await expectCleanPass(dynamo, records);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('A batch of which a sketch could not be written', () => {
  it('comes back from the first event that the sketch has not seen', async () => {
    const records = shardRecords([
      'no json',
      clickJson({ visitorId: 'a', page: '/a' }),
      clickJson({ visitorId: 'b', page: '/b', sessionId: 'first session' }),
    ]);
    for (const [pk, first] of [
      ['unique-sessions-total#0', 2],
      ['unique-visitors-total#0', 1],
    ] as const) {
      const dynamo = createMemoryDynamo();
      const outcome = await environment({
        ...dynamo,
        put: async (...args) => {
          if (args[0].Item?.pk?.S === pk) throw new Error('no capacity');
          return dynamo.put(...args);
        },
      }).deliver(records);
      expect(outcome.lowestUnfinished).toBe(records[first]!.sequenceNumber);
      expect(outcome.unfinishedByError).toEqual(new Map([['Error', 2]]));

      await environment(dynamo).deliver(records.slice(first));
      await expectCleanPass(dynamo, records);
    }
  });
});

describe('A batch that touches many items, behind a connection on which every fourth call fails', () => {
  const hours = Array.from({ length: 40 }, (_, hour) => arrival - (hour + 2) * 3_600_000);
  const records = shardRecords(
    hours.map((at, i) =>
      clickJson({ timestamp: new Date(at).toISOString(), visitorId: `v${i}`, page: `/${i}` }),
    ),
  );

  it('is counted after a few deliveries: what is done is not done again', async () => {
    const dynamo = createMemoryDynamo();
    const random = seededRandom('every fourth');
    const script = new Map<number, Fault>();
    for (let call = 0; call < 20_000; call++) {
      if (random.chance(0.25)) script.set(call, random.chance(0.5) ? 'before' : 'after');
    }
    const warm = environment(failing(dynamo, script));
    let deliveries = 1;
    while ((await warm.deliver(records)).lowestUnfinished !== undefined) deliveries++;
    // 800 items, of which a quarter is left each time.
    expect(deliveries).toBeLessThan(12);
    await expectCleanPass(dynamo, records);
  });

  it('asks nothing when it comes again whole', async () => {
    const dynamo = createMemoryDynamo();
    const warm = environment(dynamo);
    await warm.deliver(records);
    const { applied } = dynamo.counts;
    const again = await warm.deliver(records);
    expect(dynamo.counts).toEqual({ applied, refused: 0 });
    expect(again).toMatchObject({
      recordsAlreadyCounted: records.length,
      itemsWritten: 0,
      sketchesWritten: 0,
    });
  });
});

describe('A warm function', () => {
  it('keeps shards and windows apart', async () => {
    const records = shardRecords(
      ['08:10', '09:10', '08:20', '09:20'].map((time, i) =>
        clickJson({ timestamp: `2026-03-01T${time}:00Z`, visitorId: `v${i % 3}`, page: '/' }),
      ),
    );
    const [shared, apart] = [createMemoryDynamo(), createMemoryDynamo()];
    const warm = environment(shared);
    for (const shard of ['clicks/shardId-000000000000', 'clicks/shardId-000000000001']) {
      for (const record of records) await warm.deliver([record], shard);
      await environment(apart).deliver(records, shard);
    }
    expect(sketches(shared)).toEqual(sketches(apart));
    expect(counters(shared)).toEqual(counters(apart));
  });

  const clicks = (visitors: readonly string[]) =>
    shardRecords(visitors.map((visitorId) => clickJson({ visitorId, page: '/' })));
  const counted = () => {
    const dynamo = createMemoryDynamo();
    const made = { get: 0, put: 0 };
    const warm = environment({
      ...dynamo,
      get: (...args) => {
        made.get++;
        return dynamo.get(...args);
      },
      put: (...args) => {
        made.put++;
        return dynamo.put(...args);
      },
    });
    const callsOf = async (records: readonly ShardRecord[]) => {
      const before = { ...made };
      const { sketchesWritten } = await warm.deliver(records);
      return { get: made.get - before.get, put: made.put - before.put, sketchesWritten };
    };
    return { dynamo, callsOf };
  };

  it('neither reads nor writes what has not changed, and reads nothing that it has written', async () => {
    const { callsOf } = counted();
    // Items: visitors of the hour, of the day, and of the page.
    expect(await callsOf(clicks(['a', 'b']))).toEqual({ get: 3, put: 3, sketchesWritten: 3 });
    expect(await callsOf(clicks(['b', 'a', 'a']))).toEqual({ get: 0, put: 0, sketchesWritten: 0 });
    expect(await callsOf(clicks(['b', 'c']))).toEqual({ get: 0, put: 3, sketchesWritten: 3 });
  });

  it('takes what another has written, and writes once more', async () => {
    const { dynamo, callsOf } = counted();
    await callsOf(clicks(['a']));
    await environment(dynamo).deliver(clicks(['b']));
    expect(await callsOf(clicks(['c']))).toEqual({ get: 0, put: 6, sketchesWritten: 3 });
    expect(sketches(dynamo)).toEqual(await cleanSketches(clicks(['a', 'b', 'c'])));
  });

  it('reads again what has to live longer, since it may have gone meanwhile', async () => {
    const { dynamo, callsOf } = counted();
    const nextDay = (records: readonly ShardRecord[]) =>
      records.map((record) => ({ ...record, arrivedAt: arrival + 86_400_000 }));
    await callsOf(clicks(['a']));
    // The items go, and another function begins them anew, with the version that the first one knows.
    for (const { pk, sk } of dynamo.items()) {
      await dynamo.delete(
        { TableName: 'aggregates', Key: { pk: pk!, sk: sk! } },
        new AbortController().signal,
      );
    }
    await environment(dynamo).deliver(nextDay(clicks(['b'])));
    expect(await callsOf(nextDay(clicks(['c'])))).toMatchObject({ get: 3, put: 3 });
    expect(sketches(dynamo)).toEqual(await cleanSketches(nextDay(clicks(['b', 'c']))));
  });

  it('writes a sketch that did not change once a day, to keep it as long as the counters', async () => {
    const { callsOf } = counted();
    const at = (hours: number) =>
      clicks(['a']).map((record) => ({ ...record, arrivedAt: arrival + hours * 3_600_000 }));
    await callsOf(at(0));
    expect(await callsOf(at(13))).toMatchObject({ put: 0 });
    expect(await callsOf(at(15))).toMatchObject({ put: 3 });
    expect(await callsOf(at(20))).toMatchObject({ put: 0 });
  });
});
