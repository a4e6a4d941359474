import { setMaxListeners } from 'node:events';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { planWrite } from '../../domain/counter-write';
import { fold } from '../../domain/fold';
import { type AggregateOptions, aggregate } from '../../lambda/aggregator/aggregate';
import { type CountersTable, dynamoCountersTable } from '../../lambda/aggregator/counters-table';
import { type DynamoCalls, dynamoCalls } from '../../lambda/aggregator/dynamo-calls';
import type { AggregatorSettings } from '../../lambda/aggregator/environment';
import { readKinesisEvent } from '../../lambda/aggregator/kinesis-event';
import { createStores } from '../../lambda/aggregator/stores';
import { transform } from '../../lambda/transformer/transform';
import { type BatchShape, firehoseEventText, kinesisEventText } from './batches';
import { startNullTable } from './start-null-table';

/** CPU time of a function, in microseconds, as a sum of these times their numbers. */
export interface CpuShares {
  readonly perInvocation: number;
  readonly perRecord: number;
  readonly perEvent: number;
  /** Of event JSON. */
  readonly perByte: number;
}

export interface Effort {
  readonly rounds: number;
  readonly records: number;
}

const never = new AbortController().signal;
// Every write under way listens to it.
setMaxListeners(0, never);
/** What is left of an invocation without the table. */
const nullTable: CountersTable = { write: async () => ({ written: true, retries: 0 }) };

/** Reading, folding and planning; the table takes every write at once. */
export function aggregatorCpu(effort: Effort): Promise<CpuShares> {
  return sharesOf(effort, kinesisEventText, async (text) => {
    const { valid } = await aggregate(readKinesisEvent(JSON.parse(text)), nullTable, never);
    return valid;
  });
}

/** What more is done with each event, by setting, in microseconds. */
export interface ExtraCpu {
  readonly duplicates: number;
  readonly visitors: number;
  readonly visitorsOfPages: number;
}

/** Of the second of two batches, so that there is something to merge with. */
export async function extraCpu({ rounds, records }: Effort): Promise<ExtraCpu> {
  const shape = { records, eventsPerRecord: 1, eventBytes: 400 };
  const [first, second] = [kinesisEventText(shape), kinesisEventText(shape, records)];
  const ways = {
    plain: () => storesWith({}),
    duplicates: () => storesWith({ deduplicationSeconds: 300 }),
    visitors: () => storesWith({ uniqueVisitors: 'total' }),
    visitorsOfPages: () => storesWith({ uniqueVisitors: 'page' }),
  };
  const times: Record<keyof typeof ways, number[]> = {
    plain: [],
    duplicates: [],
    visitors: [],
    visitorsOfPages: [],
  };
  for (let round = -2; round < rounds; round++) {
    for (const way of Object.keys(ways) as (keyof typeof ways)[]) {
      const options = ways[way]();
      await aggregate(readKinesisEvent(JSON.parse(first)), nullTable, never, options);
      const micros = await cpuMicros(async () => {
        await aggregate(readKinesisEvent(JSON.parse(second)), nullTable, never, options);
      });
      if (round >= 0) times[way].push(micros / records);
    }
  }
  const more = (way: keyof typeof ways): number => Math.max(0, median(times[way]) - median(times.plain));
  return {
    duplicates: more('duplicates'),
    visitors: more('visitors'),
    visitorsOfPages: more('visitorsOfPages'),
  };
}

/** A table that has nothing and takes everything. */
const nullCalls: DynamoCalls = {
  update: async () => ({ $metadata: {} }),
  get: async () => ({ $metadata: {} }),
  put: async () => ({ $metadata: {} }),
  query: async () => ({ $metadata: {}, Items: [] }),
};

function storesWith(settings: Partial<AggregatorSettings>): AggregateOptions {
  return createStores(nullCalls, {
    tableName: 'aggregates',
    retentionDays: { minute: 35, hour: 400 },
    deduplicationSeconds: 0,
    streamRetentionHours: 72,
    uniqueVisitors: 'off',
    ...settings,
  });
}

/** From the event's JSON to the answer's. */
export function transformerCpu(effort: Effort): Promise<CpuShares> {
  return sharesOf(effort, firehoseEventText, async (text) => {
    const { answers, valid } = transform(JSON.parse(text).records);
    JSON.stringify({ records: answers });
    return valid;
  });
}

/** The SDK's time for one update of the table, over HTTP without TLS. */
export async function writeCpu({ rounds, records }: Effort): Promise<number> {
  const server = await startNullTable();
  const client = new DynamoDBClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: new NodeHttpHandler(),
  });
  const table = dynamoCountersTable(dynamoCalls(client), 'aggregates', { minute: 35, hour: 400 });
  const event = readKinesisEvent(
    JSON.parse(kinesisEventText({ records, eventsPerRecord: 1, eventBytes: 400 })),
  );
  const { runs } = fold(event.shard, event.records);
  try {
    const times: number[] = [];
    for (let round = -1; round < rounds; round++) {
      const micros = await cpuMicros(async () => {
        await Promise.all(
          runs.map(({ key, window, entries }) => table.write(key, window, planWrite(entries), never)),
        );
      });
      if (round >= 0) times.push(micros / runs.length);
    }
    return median(times);
  } finally {
    client.destroy();
    server.stop();
  }
}

/** Four batches that differ in one thing each, and what the differences say. */
async function sharesOf(
  { rounds, records }: Effort,
  textOf: (shape: BatchShape) => string,
  work: (text: string) => Promise<number>,
): Promise<CpuShares> {
  const packedEvents = 50;
  const shapes = {
    one: { records: 1, eventsPerRecord: 1, eventBytes: 400 },
    plain: { records, eventsPerRecord: 1, eventBytes: 400 },
    large: { records, eventsPerRecord: 1, eventBytes: 1_400 },
    packed: { records: records / packedEvents, eventsPerRecord: packedEvents, eventBytes: 400 },
  };
  const times = { one: [], plain: [], large: [], packed: [] } as Record<keyof typeof shapes, number[]>;
  const texts = Object.entries(shapes).map(([name, shape]) => ({
    name: name as keyof typeof shapes,
    text: textOf(shape),
    events: shape.records * shape.eventsPerRecord,
  }));
  for (let round = -2; round < rounds; round++) {
    for (const { name, text, events } of texts) {
      const micros = await cpuMicros(async () => {
        const valid = await work(text);
        if (valid !== events) throw new Error(`${valid} of ${events} events are valid`);
      });
      if (round >= 0) times[name].push(micros);
    }
  }
  const [one, plain, large, packed] = [times.one, times.plain, times.large, times.packed].map(median) as [
    number,
    number,
    number,
    number,
  ];
  const perByte = Math.max(0, (large - plain) / (records * 1_000));
  const perRecord = Math.max(0, (plain - packed) / (records - records / packedEvents));
  const perEvent = Math.max(0, (plain - one) / (records - 1) - perRecord - perByte * 400);
  const perInvocation = Math.max(0, one - perRecord - perEvent - perByte * 400);
  return { perInvocation, perRecord, perEvent, perByte };
}

/** Of this process, all its threads. */
async function cpuMicros(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
