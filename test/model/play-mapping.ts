import { setMaxListeners } from 'node:events';
import type { KinesisStreamEvent } from 'aws-lambda';
import { readKinesisEvent } from '../../lambda/aggregator/kinesis-event';
import type { EventSourceMappingSpec } from '../../local/deployment';
import {
  type EventSourceMapping,
  type MappingPorts,
  startEventSourceMapping,
} from '../../local/event-source-mapping/event-source-mapping';
import type { Invocation, LambdaFunction } from '../../local/lambda-function';
import { mappingSpec } from '../local/event-source-mapping/mapping-bench';
import { createFakeStream } from '../support/fake-stream-reader';
import { createMemoryCheckpointStore } from '../support/memory-checkpoint-store';
import { createMemoryDynamo } from '../support/memory-dynamo';
import { createLifetime, type Lifetime } from '../support/mortal';
import { createVirtualClock } from '../support/virtual-clock';
import { callsThrough } from './calls';
import { type Connection, connect, type InvocationPlan, type Later } from './connection';
import type { FunctionEnvironment } from './environment';
import type { Played, Span } from './play';
import type { ModelShard } from './stream';
import type { Subject } from './subjects';

/** What a pipeline on a laptop goes through. */
export interface LaptopStory {
  readonly mapping: Partial<EventSourceMappingSpec>;
  /** Of the invocations, one after the other; those that come after are without faults. */
  readonly plans: readonly (InvocationPlan & { readonly answerLost: boolean })[];
  readonly days: readonly {
    /** Records that reach each open shard first. */
    readonly puts: number;
    readonly waitMs: number;
    /** Calls of the mapping after which its process dies; it is started again the next day. */
    readonly diesAfter: number | undefined;
    /** Late calls, and frozen functions, that come to pass. */
    readonly late: number;
  }[];
}

/** The records as the stream took them, and what became of them. */
export interface LaptopPlayed extends Played {
  readonly shards: readonly ModelShard[];
}

const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';

/**
 * Plays a story with the event source mapping of the laptop, from its reading of the stream to its checkpoints, and
 * the aggregator behind it. Ends when the mapping has drained the stream without further faults.
 */
export async function playMapping(
  planned: readonly ModelShard[],
  { mapping, plans, days }: LaptopStory,
  subject: Subject,
): Promise<LaptopPlayed> {
  const clock = createVirtualClock();
  const stream = createFakeStream({ clock, shardIds: [], maxRecordsPerRead: 3 });
  const checkpoints = createMemoryCheckpointStore();
  const table = createMemoryDynamo({ itemsPerPage: 3 });
  const later: Later = [];
  const spec = mappingSpec({ streamArn, ...mapping });
  const shardIds = planned.map((_, index) => `shardId-${String(index).padStart(12, '0')}`);
  const put = planned.map(() => 0);
  const givenUp = new Map<string, Set<string>[]>(shardIds.map((shardId) => [shardId, []]));
  const waitingPlans = [...plans];

  const isClosed = (index: number): boolean =>
    planned.some(({ parents }) => parents.includes(index)) && put[index] === planned[index]!.records.length;
  const open = new Set<number>();
  const putRecords = (count: number): void => {
    for (const [index, { parents, records }] of planned.entries()) {
      const shardId = shardIds[index]!;
      if (!open.has(index) && parents.every(isClosed)) {
        const [parentShardId, adjacentParentShardId] = parents.map((parent) => shardIds[parent]!);
        stream.addShard({
          shardId,
          ...(parentShardId ? { parentShardId } : {}),
          ...(adjacentParentShardId ? { adjacentParentShardId } : {}),
        });
        open.add(index);
      }
      if (!open.has(index)) continue;
      for (const { data, arrivedAt } of records.slice(put[index], put[index]! + count)) {
        stream.put(shardId, data, { arrivedAt });
        put[index]!++;
      }
      if (isClosed(index)) stream.close(shardId);
    }
  };

  const coldStart = (): { connection: Connection; run: FunctionEnvironment } => {
    const connection = connect(later);
    return { connection, run: subject.start(callsThrough(connection, table), subject.settings) };
  };

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
        const batch = readKinesisEvent(JSON.parse(eventJson) as KinesisStreamEvent);
        const outcome = await Promise.race([environment.run.deliver(batch, signal), stopped]);
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
      givenUp
        .get(document.KinesisBatchInfo.shardId)!
        .push(new Set(Records.map(({ kinesis }) => kinesis.sequenceNumber)));
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

  const shards = planned.map(({ parents }, index) => ({
    name: `clicks/${shardIds[index]}`,
    parents,
    records: stream.records(shardIds[index]!).map((record) => ({ ...record, lines: [] })),
  }));
  return {
    table,
    shards,
    givenUp: shards.map(({ records }, index) =>
      givenUp.get(shardIds[index]!)!.map((numbers) => spanOf(records, numbers)),
    ),
  };
}

function spanOf(records: ModelShard['records'], numbers: ReadonlySet<string>): Span {
  const from = records.findIndex(({ sequenceNumber }) => numbers.has(sequenceNumber));
  return { from, to: from + numbers.size };
}
