import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { dynamoCalls } from '../../../lambda/aggregator/dynamo-calls';
import { createAggregatesTable, type DynamoServer, startDynamoServer } from '../../support/aggregates-table';
import { clickJson } from '../../support/click-factory';
import { createMemoryDynamo } from '../../support/memory-dynamo';
import { temporaryFolder } from '../../support/temporary-folder';
import { shardRecords } from './shard-simulator';
import { cleanSketches, environment, interrupted, sketches } from './unique-simulator';

const folder = temporaryFolder('uniques-on-the-wire');
let server: DynamoServer;
beforeAll(async () => {
  server = await startDynamoServer(folder);
  await createAggregatesTable(server.client, 'aggregates');
});
afterAll(() => server.close());

it('a table on the wire takes and refuses sketches as the table in memory does', async () => {
  const records = shardRecords(
    ['a', 'b', 'c', 'd', 'a', 'e'].map((visitorId, i) =>
      clickJson({ visitorId, sessionId: `s${i % 3}`, page: ['/', '__proto__', 'version'][i % 3]! }),
    ),
  );
  const memory = createMemoryDynamo();
  const outcomes = [];
  for (const calls of [dynamoCalls(server.client), memory]) {
    const stale = environment(calls);
    const other = environment(calls);
    const late = environment(interrupted(calls, 2, () => other.deliver(records.slice(1, 4))));
    outcomes.push([
      await stale.deliver(records.slice(0, 2)),
      await late.deliver(records.slice(0, 3)),
      await stale.deliver(records.slice(2)),
      await stale.deliver(records.slice(2)),
    ]);
  }
  const { Items = [] } = await server.client.send(new ScanCommand({ TableName: 'aggregates' }));
  const onTheWire = sketches({ ...memory, items: () => Items });

  expect(onTheWire).toEqual(sketches(memory));
  expect(onTheWire).toEqual(await cleanSketches(records));
  expect(outcomes[0]).toEqual(outcomes[1]);
  expect(outcomes[0]!.map(({ sketchesWritten }) => sketchesWritten > 0)).toEqual([true, true, true, false]);
});
