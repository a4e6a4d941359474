import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { planWrite } from '../../domain/counter-write';
import { fold } from '../../domain/fold';
import { type AggregateOptions, aggregate } from '../../lambda/aggregator/aggregate';
import { dynamoCountersTable } from '../../lambda/aggregator/counters-table';
import { dynamoCalls } from '../../lambda/aggregator/dynamo-calls';
import type { AggregatorSettings } from '../../lambda/aggregator/environment';
import { readKinesisEvent } from '../../lambda/aggregator/kinesis-event';
import { createStores } from '../../lambda/aggregator/stores';
import { transform } from '../../lambda/transformer/transform';
import { cpuTimer } from '../cpu-timer';
import { never } from '../never';
import { nullCalls, nullCounters } from '../null-calls';
import { spread } from '../spread';
import { takeTurns } from '../take-turns';
import { clickSource, firehoseEventText, kinesisEventText } from './batches';
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

const warmUps = 2;
/** Reading, folding and planning; the table takes every write at once. */
export function aggregatorCpu(effort: Effort): Promise<CpuShares> {
  return sharesOf(effort, kinesisEventText, async (text) => {
    const { valid } = await aggregate(readKinesisEvent(JSON.parse(text)), nullCounters, never);
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
  const ways: readonly { name: keyof ExtraCpu | 'plain'; settings: Partial<AggregatorSettings> }[] = [
    { name: 'plain', settings: {} },
    { name: 'duplicates', settings: { deduplicationSeconds: 300 } },
    { name: 'visitors', settings: { uniqueVisitors: 'total' } },
    { name: 'visitorsOfPages', settings: { uniqueVisitors: 'page' } },
  ];
  const clicks = clickSource();
  const turns = await takeTurns(ways, { warmUps, rounds }, async ({ settings }) => {
    const [first, second] = [0, records].map((index) => kinesisEventText(clicks(records), 1, index));
    const stores = storesWith(settings);
    const work = async (text: string) => {
      await aggregate(readKinesisEvent(JSON.parse(text)), nullCounters, never, stores);
    };
    await work(first!);
    return (await cpuMicros(() => work(second!))) / records;
  });
  const median = (name: string): number => spread(turns.get(name)!).median;
  const more = (name: keyof ExtraCpu): number => Math.max(0, median(name) - median('plain'));
  return {
    duplicates: more('duplicates'),
    visitors: more('visitors'),
    visitorsOfPages: more('visitorsOfPages'),
  };
}

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
  const event = readKinesisEvent(JSON.parse(kinesisEventText(clickSource()(records))));
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
    return spread(times).median;
  } finally {
    client.destroy();
    await server.stop();
  }
}

const packedEvents = 50;
const fillerBytes = 1_000;

/** Four batches that differ in one thing each, new ones in each round, and what the differences say. */
async function sharesOf(
  { rounds, records }: Effort,
  textOf: (events: readonly string[], eventsPerRecord: number) => string,
  work: (text: string) => Promise<number>,
): Promise<CpuShares> {
  const shapes = [
    { name: 'one', events: 1, eventsPerRecord: 1, filler: 0 },
    { name: 'plain', events: records, eventsPerRecord: 1, filler: 0 },
    { name: 'large', events: records, eventsPerRecord: 1, filler: fillerBytes },
    { name: 'packed', events: records, eventsPerRecord: packedEvents, filler: 0 },
  ] as const;
  const clicks = clickSource();
  let bytes = 0;
  let taken = 0;
  const turns = await takeTurns(shapes, { warmUps, rounds }, async (shape) => {
    const { events, eventsPerRecord, filler } = shape;
    const batch = clicks(events, filler);
    bytes += batch.reduce((sum, { length }) => sum + length - filler, 0);
    taken += batch.length;
    const text = textOf(batch, eventsPerRecord);
    return cpuMicros(async () => {
      const valid = await work(text);
      if (valid !== events) throw new Error(`${valid} of ${events} events are valid`);
    });
  });
  const [one, plain, large, packed] = shapes.map(({ name }) => spread(turns.get(name)!).median) as [
    number,
    number,
    number,
    number,
  ];
  const perByte = Math.max(0, (large - plain) / (records * fillerBytes));
  const ofBytes = perByte * (bytes / taken);
  const perRecord = Math.max(0, (plain - packed) / (records - records / packedEvents));
  const perEvent = Math.max(0, (plain - one) / (records - 1) - perRecord - ofBytes);
  const perInvocation = Math.max(0, one - perRecord - perEvent - ofBytes);
  return { perInvocation, perRecord, perEvent, perByte };
}

async function cpuMicros(work: () => Promise<void>): Promise<number> {
  const micros = cpuTimer();
  await work();
  return micros();
}
