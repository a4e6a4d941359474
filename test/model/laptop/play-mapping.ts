import { setMaxListeners } from 'node:events';
import type { KinesisStreamEvent } from 'aws-lambda';
import type { Random } from '../../../domain/numbers/random';
import { uniquesFor } from '../../../domain/visitors/uniques';
import { readKinesisEvent } from '../../../lambda/aggregator/kinesis-event';
import {
  type EventSourceMapping,
  type MappingPorts,
  startEventSourceMapping,
} from '../../../local/event-source-mapping/event-source-mapping';
import type { Invocation, LambdaFunction } from '../../../local/function-runtime/lambda-function';
import { type Appender, createAppender } from '../../../table/append';
import type { DynamoCalls } from '../../../table/dynamo-calls';
import { logTable } from '../../../table/log-table';
import { readView } from '../../../table/view';
import { mappingSpec } from '../../local/event-source-mapping/mapping-bench';
import { createFakeStream } from '../../support/fake-stream-reader';
import { createMemoryCheckpointStore } from '../../support/memory-checkpoint-store';
import { createMemoryDynamo } from '../../support/memory-dynamo';
import { createLifetime, type Lifetime } from '../../support/mortal';
import { createVirtualClock } from '../../support/virtual-clock';
import { setBuckets, setItemLimits } from '../code-limits';
import { ModelStream } from '../deployment/stream';
import { logDays, retentionDays, type Settings } from '../settings';
import { LogTruth, Violation } from '../truth/log-truth';
import { allQueries, expectView } from '../truth/view-check';
import { type Connection, connect, type Later } from './connection';
import { type LaptopStory, planShards } from './story';

const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';
const tableName = 'aggregates';

/**
 * Plays a story with the event source mapping of the laptop, from its reading of the stream to its checkpoints, and
 * the aggregator behind it. Ends when the mapping has drained the stream without further faults.
 *
 * @returns how many batches were given up
 * @throws Violation if an event is counted wrongly, or nowhere, or twice
 */
export async function playMapping(
  { mapping, plans, days }: LaptopStory,
  settings: Settings,
  random: Random,
): Promise<number> {
  const { limits, deduplicationSeconds, uniqueVisitors } = settings;
  setItemLimits(limits.item);
  setBuckets(2);
  const model = new ModelStream(random);
  const planned = planShards(model, random);
  const clock = createVirtualClock();
  const stream = createFakeStream({ clock, shardIds: [], maxRecordsPerRead: 3 });
  const checkpoints = createMemoryCheckpointStore();
  const table = createMemoryDynamo({ itemsPerPage: limits.itemsPerPage });
  const truth = new LogTruth(model, settings);
  const later: Later = [];
  const spec = mappingSpec({ streamArn, ...mapping });
  const put = planned.map(() => 0);
  const givenUp: { readonly shardId: string; readonly numbers: ReadonlySet<string> }[] = [];
  const waitingPlans = [...plans];
  const shardIdOf = (name: string): string => name.split('/')[1]!;
  const indexOf = (name: string): number => planned.findIndex(({ shard }) => shard.name === name);

  const isClosed = (index: number): boolean =>
    planned.some(({ shard: { parents } }) => parents.includes(planned[index]!.shard.name)) &&
    put[index] === planned[index]!.records.length;
  const open = new Set<number>();
  const putRecords = (count: number): void => {
    for (const [index, { shard, records }] of planned.entries()) {
      const shardId = shardIdOf(shard.name);
      if (!open.has(index) && shard.parents.every((parent) => isClosed(indexOf(parent)))) {
        const [parentShardId, adjacentParentShardId] = shard.parents.map(shardIdOf);
        stream.addShard({
          shardId,
          ...(parentShardId ? { parentShardId } : {}),
          ...(adjacentParentShardId ? { adjacentParentShardId } : {}),
        });
        open.add(index);
      }
      if (!open.has(index)) continue;
      for (const record of records.slice(put[index], put[index]! + count)) {
        const { sequenceNumber } = stream.put(shardId, record.data, { arrivedAt: record.arrivedAt });
        model.place(shard, record, sequenceNumber);
        put[index]!++;
      }
      if (isClosed(index)) stream.close(shardId);
    }
  };

  let tokens = 0;
  const coldStart = (): { connection: Connection; appender: Appender } => {
    const connection = connect(later);
    const appender = createAppender(
      {
        table: logTable(callsThrough(connection), tableName),
        now: () => clock.now(),
        newToken: () => `token-${tokens++}`,
      },
      {
        deduplicationSeconds,
        uniques: uniquesFor(uniqueVisitors),
        minutesForDays: retentionDays.minute,
        logDays,
        limits: limits.delta,
        knownBytes: limits.knownBytes,
      },
    );
    return { connection, appender };
  };
  const callsThrough = ({ reach }: Connection): DynamoCalls => ({
    get: (input, signal) => reach(() => table.get(input, signal)),
    batchGet: (input, signal) => reach(() => table.batchGet(input, signal)),
    query: (input, signal) => reach(() => table.query(input, signal)),
    update: (input, signal) => reach(() => table.update(input, signal)),
    put: (input, signal) =>
      reach(async () => {
        const answer = await table.put(input, signal);
        if (input.Item?.pk?.S?.startsWith('log#')) truth.sawDelta(input.Item, clock.now());
        return answer;
      }),
  });

  /** One function with an environment of its own for each invocation that is under way. */
  const functionOf = (): LambdaFunction => {
    const idle: ReturnType<typeof coldStart>[] = [];
    return {
      arn: spec.functionArn,
      name: 'aggregator',
      roleArn: 'arn:aws:iam::000000000000:role/aggregator',
      invoke: async (eventJson): Promise<Invocation> => {
        const environment = idle.pop() ?? coldStart();
        const { answerLost = false, ...plan } = waitingPlans.shift() ?? { faults: [] };
        const { signal, stopped } = environment.connection.begin(plan);
        setMaxListeners(0, signal);
        const { shard, records } = readKinesisEvent(JSON.parse(eventJson) as KinesisStreamEvent);
        const outcome = await Promise.race([environment.appender.append(shard, records, signal), stopped]);
        environment.connection.end();
        if (outcome) idle.push(environment);
        if (!outcome || answerLost)
          return { kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage: 'timed out' };
        const { lowestUnfinished } = outcome;
        const batchItemFailures = lowestUnfinished ? [{ itemIdentifier: lowestUnfinished }] : [];
        return { kind: 'returned', payload: { batchItemFailures }, payloadBytes: 2 };
      },
    };
  };

  const objects: MappingPorts['objects'] = {
    put: async ({ body }) => {
      const document = JSON.parse(body.toString()) as {
        KinesisBatchInfo: { shardId: string };
        payload: string;
      };
      const { Records } = JSON.parse(document.payload) as KinesisStreamEvent;
      const numbers = new Set(Records.map(({ kinesis }) => kinesis.sequenceNumber));
      givenUp.push({ shardId: document.KinesisBatchInfo.shardId, numbers });
    },
  };

  let uuids = 0;
  const boot = (life: Lifetime): Promise<EventSourceMapping> =>
    startEventSourceMapping(spec, {
      reader: life.wrap(stream.reader),
      target: life.wrap(functionOf()),
      objects: life.wrap(objects),
      checkpoints: life.wrap(checkpoints),
      clock: life.wrap(clock),
      uuid: () => `00000000-0000-4000-8000-${String(++uuids).padStart(12, '0')}`,
      region: 'us-east-1',
    });
  const comeToPass = async (count: number): Promise<void> => {
    for (const act of later.splice(0, count)) await act();
  };

  let life = createLifetime();
  for (const [index, { puts, waitMs, diesAfter, late }] of days.entries()) {
    putRecords(puts);
    if (index === 0 || life.dead()) {
      life = createLifetime();
      // A process that dies while it starts never says so.
      void boot(life);
    }
    if (diesAfter !== undefined) life.killAfterCalls(diesAfter);
    await clock.advance(waitMs);
    await comeToPass(late);
  }
  life.kill();
  // One call adds the shards whose parents the call before has closed.
  for (let generation = 0; generation < planned.length; generation++) putRecords(Number.POSITIVE_INFINITY);
  waitingPlans.length = 0;
  const last = await boot(createLifetime());
  await clock.until(last.drain());
  await clock.until(last.stop());
  await comeToPass(Number.POSITIVE_INFINITY);

  for (const { shard } of planned) {
    for (const { sequenceNumber, events } of shard.records) {
      const isGivenUp = givenUp.some(
        ({ shardId, numbers }) => shardId === shardIdOf(shard.name) && numbers.has(sequenceNumber),
      );
      if (isGivenUp || events.every((event) => truth.isCounted(shard.name, event))) continue;
      throw new Violation(`${shard.name}: record ${sequenceNumber} is not counted, and was not given up`);
    }
  }
  const queries = allQueries(settings);
  const ports = { table: logTable(table, tableName), now: () => clock.now(), retentionDays };
  expectView(await readView(queries, ports), queries, truth, truth.tails(), clock.now(), false);
  return givenUp.length;
}
