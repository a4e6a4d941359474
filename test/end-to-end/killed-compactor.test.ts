import { join, resolve } from 'node:path';
import { compactEverything } from '../../domain/counters/compaction-request';
import { FunctionEnvironment } from '../../domain/function/function-log';
import { CompactorEnvironment, retentionVariable } from '../../lambda/compactor/contract';
import { bundleInto } from '../../lib/function-bundling';
import { type Connections, connectTo } from '../../local/fault-injection/http';
import { startProxy } from '../../local/fault-injection/proxy';
import { operationOf } from '../../local/fault-injection/wire';
import type { Invocation } from '../../local/function-runtime/lambda-function';
import { startFunction } from '../../local/function-runtime/start-function';
import { dynamoLogTable, type LogTable } from '../../table/log-table';
import { readView } from '../../table/view';
import { createAggregatesTable, type DynamoServer, startDynamoServer } from '../support/aggregates-table';
import { clickJson } from '../support/click-factory';
import { counting, retentionDays } from '../support/counting';
import { everyWindow, viewed } from '../support/log-bench';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('killed-compactor');
const asset = join(folder, 'asset');
const now = Date.now();

let dynamo: DynamoServer;
let connections: Connections;
beforeAll(async () => {
  bundleInto(asset, resolve(__dirname, '../../lambda/compactor/handler.ts'));
  dynamo = await startDynamoServer(folder);
  connections = connectTo(dynamo.endpoint);
});
afterAll(async () => {
  connections.close();
  await dynamo.close();
});

/** A table of two batches in the items and two that are pending, of which one touches items that are there. */
async function tableOf(name: string): Promise<LogTable> {
  await createAggregatesTable(dynamo.client, name);
  const table = dynamoLogTable(dynamo.client, name);
  const { count, compact } = counting(table, { now: () => now });
  for (let batch = 1; batch <= 4; batch++) {
    const timestamp = new Date(now - 60_000 * Math.ceil(batch / 2)).toISOString();
    const pages = ['/a', '/b', `/batch-${batch}`];
    const records = pages.map((page, index) => ({
      sequenceNumber: String(batch * 10 + index),
      data: Buffer.from(clickJson({ page, timestamp })),
      arrivedAt: now,
    }));
    await count('clicks/shardId-000000000002', records);
    if (batch === 2) await compact();
  }
  return table;
}

const viewOf = async (table: LogTable) => viewed(await readView(everyWindow, { table, now: () => now }));

/** At which call of a compaction its process is killed, and whether the table has carried it out by then. */
interface Death {
  readonly call: number;
  readonly after: boolean;
}

/** Runs the compactor's own bundle in a process, which dies at a call; returns the calls that it made. */
async function runCompactor(
  tableName: string,
  death?: Death,
): Promise<{ readonly operations: readonly string[]; readonly ended: Invocation | 'killed' }> {
  const operations: string[] = [];
  let die: () => void = () => {};
  const dying = new Promise<void>((resolve) => {
    die = resolve;
  });
  const proxy = await startProxy({
    port: 0,
    service: 'dynamodb',
    react: async (request) => {
      const isLast = operations.push(operationOf('dynamodb', request)) - 1 === death?.call;
      if (!isLast || death?.after) {
        const answer = await connections.forward(request);
        if (!isLast) return { kind: 'answer', answer };
      }
      die();
      return new Promise(() => {});
    },
  });
  const name = 'compactor-3';
  const spec = {
    ...{ name, arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`, roleArn: 'role-4' },
    ...{ assetPath: asset, handler: 'index.handler', timeoutSeconds: 60, memoryMiB: 512 },
    environment: {
      [CompactorEnvironment.tableName]: tableName,
      [CompactorEnvironment.compactionSeconds]: '60',
      [CompactorEnvironment.logDays]: '14',
      ...Object.fromEntries(
        Object.entries(retentionDays).map(([size, days]) => [
          retentionVariable(size as keyof typeof retentionDays),
          String(days),
        ]),
      ),
      [FunctionEnvironment.project]: 'clicks',
      [FunctionEnvironment.stage]: 'dev',
    },
  };
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'key',
  };
  const running = startFunction(spec, {
    region: 'eu-north-1',
    logFile: join(folder, 'compactor.log'),
    environment,
  });
  const invoked = running.invoke(JSON.stringify(compactEverything));
  // Closed in mid-invocation, it rejects.
  invoked.catch(() => {});
  const ended = await Promise.race([invoked, dying.then(() => 'killed' as const)]);
  // SIGKILL, to its process.
  await running.close();
  await proxy.close();
  return { operations, ended };
}

it('a compactor that is killed at any of its calls leaves counters that add up, and the next one ends its work', async () => {
  const clean = await tableOf('clean');
  const expected = await viewOf(clean);
  const { operations, ended } = await runCompactor('clean');
  expect(ended).toMatchObject({ kind: 'returned', payload: { done: true } });
  expect(await viewOf(clean)).toEqual(expected);
  expect(new Set(operations)).toEqual(new Set(['Query', 'BatchGetItem', 'PutItem', 'UpdateItem']));

  // Puts go out side by side: the first, one among others, the last. Of the other calls, each.
  const puts = operations.flatMap((operation, call) => (operation === 'PutItem' ? [call] : []));
  const somePuts = new Set([puts[0], puts[Math.floor(puts.length / 2)], puts.at(-1)]);
  const calls = operations.flatMap((operation, call) =>
    operation !== 'PutItem' || somePuts.has(call) ? [call] : [],
  );
  for (const call of calls) {
    for (const after of [false, true]) {
      const name = `killed-at-${call}-${after}`;
      const table = await tableOf(name);
      expect(await runCompactor(name, { call, after })).toMatchObject({ ended: 'killed' });
      expect({ name, view: await viewOf(table) }).toEqual({ name, view: expected });

      const next = await runCompactor(name);
      expect(next.ended).toMatchObject({ kind: 'returned', payload: { done: true } });
      expect({ name, view: await viewOf(table) }).toEqual({ name, view: expected });
    }
  }
}, 120_000);
