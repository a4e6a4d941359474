import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { decodeBody, encodeBody } from '../../domain/counters/delta-body';
import { foldLines } from '../../domain/counters/fold';
import { partsOf } from '../../domain/counters/item';
import { linesOf } from '../../domain/event/shard-lines';
import { uniquesFor } from '../../domain/visitors/uniques';
import { readKinesisEvent } from '../../lambda/aggregator/kinesis-event';
import { transform } from '../../lambda/transformer/transform';
import { type AppendOptions, createAppender } from '../../table/append';
import { createCompactor } from '../../table/compact';
import { dynamoCalls } from '../../table/dynamo-calls';
import { logTable } from '../../table/log-table';
import { cpuTimer } from '../cpu-timer';
import { createMeteredTable } from '../metered/metered-table';
import { never } from '../never';
import { nullCalls } from '../null-calls';
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
const retentionDays = { minute: 35, hour: 400, day: 1_100 };
const logDays = 14;
const countersAlone: AppendOptions = {
  deduplicationSeconds: 0,
  uniques: [],
  minutesForDays: 0,
  logDays,
};

/** On a table that takes every write at once. */
function nullAppender(options: Partial<AppendOptions> = {}) {
  const ports = { table: logTable(nullCalls, 'aggregates'), now: Date.now, newToken: () => '01234567' };
  return createAppender(ports, { ...countersAlone, ...options });
}

/** Reading, folding and encoding; the table takes every write at once. */
export function aggregatorCpu(effort: Effort): Promise<CpuShares> {
  return sharesOf(effort, kinesisEventText, async (text) => {
    const { shard, records } = readKinesisEvent(JSON.parse(text));
    const { valid } = await nullAppender().append(shard, records, never);
    return valid;
  });
}

/** What more is done with each event, by setting, in microseconds. */
export interface ExtraCpu {
  readonly duplicates: number;
  readonly visitors: number;
  readonly visitorsOfPages: number;
}

/** Of the second of two batches, so that there are ids to compare with. */
export async function extraCpu({ rounds, records }: Effort): Promise<ExtraCpu> {
  const ways: readonly { name: keyof ExtraCpu | 'plain'; options: Partial<AppendOptions> }[] = [
    { name: 'plain', options: {} },
    { name: 'duplicates', options: { deduplicationSeconds: 300 } },
    { name: 'visitors', options: { uniques: uniquesFor('total') } },
    { name: 'visitorsOfPages', options: { uniques: uniquesFor('page') } },
  ];
  const clicks = clickSource();
  const turns = await takeTurns(ways, { warmUps, rounds }, async ({ options }) => {
    const [first, second] = [0, records].map((index) => kinesisEventText(clicks(records), 1, index));
    const appender = nullAppender(options);
    const work = async (text: string) => {
      const batch = readKinesisEvent(JSON.parse(text));
      await appender.append(batch.shard, batch.records, never);
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

/** CPU time of a compaction, in microseconds, without the SDK's calls. */
export interface CompactorCpu {
  readonly perDelta: number;
  readonly perItem: number;
}

const deltasOfCompaction = 40;

/** Of deltas of fifty events and more, with visitors, into items that are there. */
export async function compactorCpu({ rounds, records }: Effort): Promise<CompactorCpu> {
  const clicks = clickSource();
  const perBatch = Math.max(1, Math.ceil(records / deltasOfCompaction));
  const perDelta: number[] = [];
  const perItem: number[] = [];
  const uniques = uniquesFor('total');
  const table = logTable(createMeteredTable().calls, 'aggregates');
  const ports = { table, now: Date.now, newToken: () => '01234567' };
  const appender = createAppender(ports, { ...countersAlone, uniques });
  const compactor = createCompactor(ports, { retentionDays, compactionSeconds: 0, logDays });
  let index = 0;
  for (let round = -warmUps; round < rounds; round++) {
    const bodies: Uint8Array[] = [];
    for (let delta = 0; delta < deltasOfCompaction; delta++, index += perBatch) {
      const batch = readKinesisEvent(JSON.parse(kinesisEventText(clicks(perBatch), 1, index)));
      await appender.append(batch.shard, batch.records, never);
      for (const { content } of foldLines(linesOf(batch.records), { ...countersAlone, uniques })) {
        bodies.push(encodeBody(content));
      }
    }
    const decoding = await cpuMicros(async () => {
      for (const body of bodies) partsOf(decodeBody(body));
    });
    const [entry] = await table.entries();
    let items = 0;
    const all = await cpuMicros(async () => {
      items = (await compactor.compact(entry!, true, never)).items;
    });
    if (round < 0) continue;
    perDelta.push(decoding / deltasOfCompaction);
    perItem.push(Math.max(0, all - decoding) / items);
  }
  return { perDelta: spread(perDelta).median, perItem: spread(perItem).median };
}

/** From the event's JSON to the answer's. */
export function transformerCpu(effort: Effort): Promise<CpuShares> {
  return sharesOf(effort, firehoseEventText, async (text) => {
    const { answers, valid } = transform(JSON.parse(text).records);
    JSON.stringify({ records: answers });
    return valid;
  });
}

/** The SDK's time for putting a delta of so many events, over HTTP without TLS. */
export async function writeCpu({ rounds, records }: Effort): Promise<number> {
  const server = await startNullTable();
  const client = new DynamoDBClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: new NodeHttpHandler(),
  });
  const { put } = dynamoCalls(client);
  const batch = readKinesisEvent(JSON.parse(kinesisEventText(clickSource()(records))));
  const [folded] = [...foldLines(linesOf(batch.records), countersAlone)];
  const Item = { pk: { S: 'log#shard' }, sk: { S: folded!.first }, body: { B: encodeBody(folded!.content) } };
  const putsAtOnce = 16;
  try {
    const times: number[] = [];
    for (let round = -warmUps; round < rounds; round++) {
      const micros = await cpuMicros(async () => {
        await Promise.all(
          Array.from({ length: putsAtOnce }, () => put({ TableName: 'aggregates', Item }, never)),
        );
      });
      if (round >= 0) times.push(micros / putsAtOnce);
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
