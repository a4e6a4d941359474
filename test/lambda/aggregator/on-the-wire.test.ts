import { type AttributeValue, DeleteTableCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { aggregate } from '../../../lambda/aggregator/aggregate';
import { dynamoCountersTable } from '../../../lambda/aggregator/counters-table';
import { type DynamoCalls, dynamoCalls } from '../../../lambda/aggregator/dynamo-calls';
import { dynamoRecentEvents } from '../../../lambda/aggregator/recent-events';
import { createAggregatesTable, type DynamoServer, startDynamoServer } from '../../support/aggregates-table';
import { clickJson } from '../../support/click-factory';
import { createMemoryDynamo } from '../../support/memory-dynamo';
import { neverAborted } from '../../support/never-aborted';
import { temporaryFolder } from '../../support/temporary-folder';
import { faulty, retentionDays, shardRecords } from './shard-simulator';

const folder = temporaryFolder('on-the-wire');
let server: DynamoServer;
beforeAll(async () => {
  server = await startDynamoServer(folder);
});
afterAll(() => server.close());

/** One delivery of a part of a shard; a fault hits the call of that number in it. */
interface Delivery {
  readonly shard: string;
  readonly from: number;
  readonly length: number;
  readonly faults: ReadonlyMap<number, 'before' | 'after'>;
}

const delivery = fc.record({
  shard: fc.constantFrom('clicks/shardId-000000000000', 'clicks/shardId-000000000001'),
  from: fc.nat({ max: 9 }),
  length: fc.integer({ min: 1, max: 10 }),
  faults: fc
    .array(fc.tuple(fc.nat({ max: 40 }), fc.constantFrom('before' as const, 'after' as const)), {
      maxLength: 6,
    })
    .map((faults) => new Map(faults)),
});

const pages = ['/', 'seq', 'pk', 'expiresAt', '__proto__', '(other)', ':n1', '#0', 'größe', '\u{1f600}'];
const line = fc
  .record({ page: fc.constantFrom(...pages), minute: fc.constantFrom(58, 59) })
  .chain(({ page, minute }) => {
    const event = { page, timestamp: `2026-03-01T09:${minute}:30Z` };
    return fc
      .option(fc.constantFrom('id-1', 'id-2', 'id-3'))
      .map((eventId) => clickJson(eventId === null ? event : { ...event, eventId }));
  });
const data = fc.oneof(
  { weight: 6, arbitrary: line },
  { weight: 2, arbitrary: fc.array(line, { minLength: 2, maxLength: 3 }).map((lines) => lines.join('\n')) },
  { weight: 1, arbitrary: fc.constantFrom('no json', '{"a":1}\n[]') },
);
const schedule = fc.record({
  texts: fc.array(data, { minLength: 1, maxLength: 10 }),
  removesDuplicates: fc.boolean(),
  deliveries: fc.array(delivery, { minLength: 1, maxLength: 5 }),
});

interface Script {
  readonly texts: readonly string[];
  readonly deliveries: readonly Delivery[];
  readonly removesDuplicates?: boolean;
}

let tables = 0;

async function run(
  { texts, deliveries, removesDuplicates = false }: Script,
  calls: DynamoCalls,
  tableName: string,
) {
  const records = shardRecords(texts);
  const outcomes = [];
  for (const { shard, from, length, faults } of deliveries) {
    const batch = { shard, records: records.slice(from, from + length) };
    if (batch.records.length === 0) continue;
    // One write after the other, so that a fault hits the same write on both sides.
    const connection = oneByOne(faulty(calls, faults));
    const table = dynamoCountersTable(connection, tableName, retentionDays);
    const recent = { tableName, deduplicationSeconds: 60, streamRetentionHours: 24 };
    const removal = removesDuplicates ? dynamoRecentEvents(connection, recent) : undefined;
    outcomes.push(await aggregate(batch, table, neverAborted(), { removal }));
  }
  return outcomes;
}

function oneByOne(calls: DynamoCalls): DynamoCalls {
  let last: Promise<unknown> = Promise.resolve();
  const queued = <T>(call: () => Promise<T>): Promise<T> => {
    const result = last.then(call);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    update: (input, signal) => queued(() => calls.update(input, signal)),
    get: (input, signal) => queued(() => calls.get(input, signal)),
    put: (input, signal) => queued(() => calls.put(input, signal)),
    query: (input, signal) => queued(() => calls.query(input, signal)),
  };
}

type Item = Record<string, AttributeValue>;

const inOrder = (items: readonly Item[]) =>
  items.toSorted((a, b) => (`${a.pk?.S} ${a.sk?.S}` < `${b.pk?.S} ${b.sk?.S}` ? -1 : 1));

describe('A table on the wire', () => {
  const onBoth = async (script: Script) => {
    const TableName = `aggregates-${++tables}`;
    await createAggregatesTable(server.client, TableName);
    const memory = createMemoryDynamo();
    const outcomes = {
      memory: await run(script, memory, TableName),
      wire: await run(script, dynamoCalls(server.client), TableName),
    };
    const scanned: Item[] = [];
    for await (const { Items = [] } of paginateScan({ client: server.client }, { TableName })) {
      scanned.push(...Items);
    }
    await server.client.send(new DeleteTableCommand({ TableName }));
    return { outcomes, items: { memory: inOrder(memory.items()), wire: inOrder(scanned) } };
  };

  it('holds what the table of the exactness tests holds, after any deliveries and faults', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (script) => {
        const { outcomes, items } = await onBoth(script);

        expect(items.wire).toEqual(items.memory);
        expect(outcomes.wire).toEqual(outcomes.memory);
      }),
      { numRuns: 25 },
    );
  });

  it('takes a write of as many values as one update may name, and the cap of an item', async () => {
    const texts = Array.from({ length: 1_420 }, (_, i) =>
      clickJson({ type: `${String(i % 1_400).padStart(5, '0')}${'x'.repeat(195)}` }),
    );
    const shard = 'clicks/shardId-000000000000';
    const deliveries = [
      { shard, from: 0, length: 700, faults: new Map([[5, 'after' as const]]) },
      { shard, from: 400, length: 1_020, faults: new Map() },
      { shard, from: 0, length: 1_420, faults: new Map() },
    ];
    const { outcomes, items } = await onBoth({ texts, deliveries });

    expect(items.wire).toEqual(items.memory);
    expect(outcomes.wire).toEqual(outcomes.memory);
    expect(outcomes.wire[1]?.valuesWithoutRoom).toBeGreaterThan(0);
  });
});
