import { costLine, totalOf } from '../../cost/cost-line';
import { assumed, measured } from '../../cost/measured';
import { anomaliesLines } from '../../cost/services/anomalies';
import { cloudWatchLines } from '../../cost/services/cloudwatch';
import { collectorLines } from '../../cost/services/collector';
import { dashboardLines } from '../../cost/services/dashboard';
import { destinationLines } from '../../cost/services/destination';
import { dynamodbLines } from '../../cost/services/dynamodb';
import { firehoseLines } from '../../cost/services/firehose';
import { kinesisLines } from '../../cost/services/kinesis';
import { kmsLines } from '../../cost/services/kms';
import {
  aggregatorInvocations,
  compactorInvocations,
  lambdaLines,
  transformerInvocations,
} from '../../cost/services/lambda';
import { parquetLines } from '../../cost/services/parquet';
import { archiveObjects, s3Lines } from '../../cost/services/s3';
import { sourcesLines } from '../../cost/services/sources';
import { videoLines } from '../../cost/services/video';
import type { ShardHour } from '../../cost/shard-hour';
import { byWindowSize } from '../../domain/counters/window';
import { retentionSettings } from '../support/retention-factory';
import { flow, prices, quantities, settings, traffic } from './cost-factory';

const secondsPerMonth = 730 * 3_600;
const gib = 2 ** 30;

describe('A line of the bill', () => {
  it('multiplies a quantity with a price for many', () => {
    const price = {
      dollars: 0.2,
      unit: 'request',
      per: 1_000_000,
      source: 'a page',
      confidence: 'good',
    } as const;

    expect(costLine('Lambda', 'what for', 5_000_000, price)).toEqual({
      service: 'Lambda',
      driver: 'what for',
      quantity: 5_000_000,
      unit: 'request',
      price: 0.2,
      per: 1_000_000,
      dollars: 1,
    });
  });
});

describe('Kinesis, provisioned', () => {
  const provisioned = { streamMode: 'provisioned', streamRetentionHours: 24 } as const;

  it('charges shards by the hour and records by the unit', () => {
    const lines = kinesisLines(flow(), provisioned, prices);

    expect(quantities(lines)).toEqual({
      'shards: 2': 1_460,
      'units of 25 KB a record: 1': 11 * secondsPerMonth,
    });
    expect(lines[0]!.dollars).toBeCloseTo(21.9, 6);
    expect(lines[1]!.dollars).toBeCloseTo(0.4047, 4);
  });

  it.each([
    [1, 1],
    [25_600, 1],
    [25_601, 2],
    [51_201, 3],
  ])('takes a record of %d bytes for %d units of 25 KB', (recordBytes, units) => {
    const put = kinesisLines(flow({ recordBytes }), provisioned, prices)[1]!;

    expect(put.quantity).toBe(11 * secondsPerMonth * units);
  });

  it('charges each shard again for keeping records beyond a day, and by the GB beyond a week', () => {
    const week = kinesisLines(flow(), { ...provisioned, streamRetentionHours: 168 }, prices);
    const longer = kinesisLines(flow(), { ...provisioned, streamRetentionHours: 170 }, prices);

    expect(quantities(week)['kept beyond 24 h']).toBe(1_460);
    expect(quantities(week)).not.toHaveProperty('kept beyond 168 h');
    expect(quantities(longer)['kept beyond 168 h']).toBeCloseTo((11 * 300 * 2 * 3_600) / gib, 9);
  });
});

describe('Kinesis, on demand', () => {
  const onDemand = { streamMode: 'on-demand', streamRetentionHours: 24 } as const;

  it.each([
    [1, 1],
    [1_024, 1],
    [1_025, 2],
    [20_450, 20],
  ])(
    'takes a record of %d bytes for %d KB on the way in, and for what it is on the way out',
    (recordBytes, kilobytes) => {
      const [stream, into, out] = kinesisLines(flow({ recordBytes }), onDemand, prices);

      expect(stream).toMatchObject({ quantity: 730, dollars: 29.2 });
      expect(into!.quantity).toBeCloseTo((11 * secondsPerMonth * kilobytes * 1_024) / gib, 6);
      expect(out!.quantity).toBeCloseTo((2 * 11 * secondsPerMonth * recordBytes) / gib, 6);
    },
  );

  it('charges what it keeps beyond a day by the GB', () => {
    const lines = kinesisLines(flow(), { ...onDemand, streamRetentionHours: 72 }, prices);

    expect(quantities(lines)['kept beyond 24 h']).toBeCloseTo((11 * 300 * 48 * 3_600) / gib, 9);
  });
});

describe('Firehose', () => {
  it.each([
    [1, 5],
    [5_120, 5],
    [5_121, 10],
    [20_450, 20],
  ])('takes a record of %d bytes for %d KB', (recordBytes, kilobytes) => {
    const [line] = firehoseLines(flow({ recordBytes }), traffic({ packing: 'ndjson' }), prices);

    expect(line!.quantity).toBeCloseTo((11 * secondsPerMonth * kilobytes * 1_024) / gib, 6);
    expect(line!.driver).toBe(`a record as ${kilobytes} KB`);
  });

  it('rounds each event of an aggregate, which it takes apart', () => {
    const [line] = firehoseLines(
      flow({ eventsPerRecord: 13, recordBytes: 9_000 }),
      traffic({ packing: 'kpl', eventsPerSecond: 143 }),
      prices,
    );

    expect(line!.quantity).toBeCloseTo((143 * secondsPerMonth * 5 * 1_024) / gib, 6);
  });
});

describe('Lambda', () => {
  it('charges requests, and memory for as long as they take', () => {
    const lines = lambdaLines('counter', { count: 3_000_000, milliseconds: 250, memoryMiB: 2_048 }, prices);

    expect(quantities(lines)).toEqual({ 'counter: requests': 3_000_000, 'counter: 250 ms each': 1_500_000 });
    expect(lines[0]!.dollars).toBeCloseTo(0.6, 9);
    expect(lines[1]!.dollars).toBeCloseTo(20.0001, 6);
  });

  it('has the aggregator take the CPU time of its records and writes, and wait for the writes', () => {
    const { aggregator, perEventWith } = measured;
    const perEvent = aggregator.perEvent + perEventWith.duplicates + perEventWith.total;
    const shard = { batches: 100, writes: 65, writesAtOnce: 32 };
    const { count, milliseconds } = aggregatorInvocations(
      flow({ recordsPerSecond: 10, eventsPerRecord: 3 }),
      500,
      { aggregatorMemoryMiB: assumed.vcpuMemoryMiB, deduplicationSeconds: 60, uniqueVisitors: 'total' },
      shard,
    );

    // 18,000 records of a shard in an hour, in 100 batches; 65 writes in three goes of 32.
    const cpu =
      aggregator.perInvocation +
      180 * (aggregator.perRecord + 3 * (perEvent + 500 * aggregator.perByte)) +
      65 * aggregator.perWrite;
    expect(count).toBe(100 * 2 * 730);
    expect(milliseconds).toBe(Math.ceil(cpu / 1_000 + 3 * assumed.tableLatencyMs));
  });

  it('stretches CPU time below one vCPU, and does not shorten it above', () => {
    const transformer = (memory: number) =>
      transformerInvocations(flow({ recordsPerSecond: 4_000 }), 300, {
        transformerMemoryMiB: memory,
        transformerBufferSeconds: 1,
      }).milliseconds;
    const one = transformer(assumed.vcpuMemoryMiB);

    expect(Math.abs(transformer(assumed.vcpuMemoryMiB / 2) - 2 * one)).toBeLessThanOrEqual(1);
    expect(transformer(assumed.vcpuMemoryMiB * 3)).toBe(one);
  });

  it.each([
    // 1 + 5.5 records a second and shard for 60 seconds, or 1 MiB of them.
    [300, 60, 331],
    [9_000, 60, 1_048_576 / 9_000],
    [2_000_000, 60, 1],
  ])(
    'has the transformer called for records of %d bytes and a buffer of %d seconds',
    (recordBytes, seconds, records) => {
      const { count } = transformerInvocations(flow({ recordBytes }), 300, {
        transformerMemoryMiB: 512,
        transformerBufferSeconds: seconds,
      });

      expect(count).toBeCloseTo((11 / records) * secondsPerMonth, 3);
    },
  );
});

describe('The compactor', () => {
  it('is called each minute, for the CPU time of what it folds, and waits for the table', () => {
    const { perInvocation, perDelta, perItem } = measured.compactor;
    const shard = { batches: 720, compactions: 12, items: 4_800 };
    const { count, milliseconds } = compactorInvocations(9, shard, {
      compactorMemoryMiB: assumed.vcpuMemoryMiB,
    });

    const cpu = perInvocation + 9 * (12 * perDelta + 80 * perItem);
    // Nine shards four at a time: the entries; then, a minute, a log, a fifth of an entry, 0.8 reads and five rounds of puts.
    const calls = 1 + 3 * (1 + 0.2 + 0.8 + 5);
    expect(count).toBe(60 * 730);
    expect(milliseconds).toBe(Math.ceil(cpu / 1_000 + calls * assumed.tableLatencyMs));
  });
});

describe('DynamoDB', () => {
  const shard: ShardHour = {
    batches: 720,
    compactions: 12,
    items: 480,
    writeUnits: {
      deltas: 740,
      ids: 1_440,
      ...byWindowSize(() => 0),
      minute: 500,
      hour: 300,
      day: 200,
      visitors: 90,
    },
    readUnits: 1_100,
    storedBytes: { ...byWindowSize(() => 0), log: 700, minute: 4_000, hour: 60, day: 8 },
  };

  it('charges write units of all shards by what they are for, and what is kept until it expires', () => {
    const retention = {
      ...retentionSettings({ minuteRetentionDays: 2, hourRetentionDays: 400, dayRetentionDays: 900 }),
      logDays: 9,
    };
    const lines = dynamodbLines(3, shard, retention, 1, prices);
    const log = (3 * 700 * 9 * 24) / gib;
    const items = (3 * (4_000 * 48 + 68 * 730)) / gib;

    expect(quantities(lines)).toMatchObject({
      'log: a delta a batch': 3 * 740 * 730,
      'log: ids, for duplicates': 3 * 1_440 * 730,
      'counters by minute': 3 * 500 * 730,
      'counters by hour': 3 * 300 * 730,
      'counters by day': 3 * 200 * 730,
      'distinct visitors': 3 * 90 * 730,
      'reads of the compactor': 3 * 1_100 * 730,
      'log kept': expect.closeTo(log, 9),
      'items kept': expect.closeTo(items, 9),
      'point-in-time recovery': expect.closeTo(log + items, 9),
    });
    expect(lines[1]!.dollars).toBeCloseTo(1.971, 6);
  });

  it('keeps more in later months, but no more of the log', () => {
    const retention = {
      ...retentionSettings({ minuteRetentionDays: 60, hourRetentionDays: 80, dayRetentionDays: 900 }),
      logDays: 14,
    };
    const kept = (month: number) => quantities(dynamodbLines(1, shard, retention, month, prices));

    expect(kept(1)['items kept']).toBeCloseTo((4_068 * 730) / gib, 9);
    expect(kept(7)['items kept']).toBeCloseTo((4_000 * 60 * 24 + 60 * 80 * 24 + 8 * 7 * 730) / gib, 9);
    expect(kept(7)['log kept']).toBe(kept(1)['log kept']);
  });
});

describe('S3', () => {
  const archive = settings({ archiveBufferSeconds: 100, archiveBufferMiB: 1, archiveExpiryDays: 0 });
  const lineBytes = 300 + measured.archive.addedBytes;
  const gigabytesAnHour = (7 * 3_600 * lineBytes * measured.archive.compressed) / gib;

  it('writes an object at its age or at its size', () => {
    expect(archiveObjects(traffic(), archive)).toBeCloseTo((7 / 701) * secondsPerMonth, 3);
    expect(archiveObjects(traffic({ eventsPerSecond: 70 }), archive)).toBeCloseTo(
      (70 / (1_048_576 / lineBytes)) * secondsPerMonth,
      3,
    );
    expect(archiveObjects(traffic({ eventsPerSecond: 0 }), archive)).toBe(0);
  });

  it('keeps everything in Standard where nothing moves or expires', () => {
    const lines = s3Lines(traffic(), archive, 5, prices);

    expect(Object.keys(quantities(lines))).toEqual(['objects written', 'kept in Standard']);
    expect(quantities(lines)['kept in Standard']).toBeCloseTo(5 * 730 * gigabytesAnHour, 9);
  });

  // Every object as large as the buffer, which compressed is just above the 128 KiB that S3 moves at the least.
  const large = { ...archive, archiveBufferSeconds: 900 };
  const largeObjects = traffic({ eventsPerSecond: 7 });

  it('leaves objects below 128 KiB in Standard, because S3 does', () => {
    const ageing = { archiveInfrequentAccessDays: 30, archiveGlacierDays: 90 };
    const linesOf = (eventsPerSecond: number) =>
      s3Lines(
        traffic({ eventsPerSecond }),
        { ...archive, ...ageing, archiveBufferMiB: 128, archiveBufferSeconds: 100 },
        12,
        prices,
      );
    // Bytes of an object for an event a second, beside the one event that begins it.
    const bytes = lineBytes * measured.archive.compressed;
    const enough = Math.ceil((131_072 / bytes - 1) / 100);

    expect(Object.keys(quantities(linesOf(enough - 1)))).toEqual(['objects written', 'kept in Standard']);
    expect(quantities(linesOf(enough - 1))['kept in Standard']).toBeCloseTo(
      (12 * 730 * 3_600 * (enough - 1) * bytes) / gib,
      6,
    );
    expect(Object.keys(quantities(linesOf(enough)))).toContain('moved to Glacier');
  });

  it('follows objects into colder classes and out of the bucket', () => {
    const ageing = { archiveInfrequentAccessDays: 30, archiveGlacierDays: 90, archiveExpiryDays: 200 };
    const kept = quantities(s3Lines(largeObjects, { ...large, ...ageing }, 12, prices));

    expect(kept['kept in Standard']).toBeCloseTo(30 * 24 * gigabytesAnHour, 9);
    expect(kept['kept in Standard-IA']).toBeCloseTo(60 * 24 * gigabytesAnHour, 9);
    expect(kept['kept in Glacier']).toBeCloseTo(110 * 24 * gigabytesAnHour, 9);
    expect(kept['moved to Glacier']).toBe(kept['objects written']);
  });

  it('moves in a month what comes to the age in it', () => {
    const ageing = { ...large, archiveInfrequentAccessDays: 40, archiveGlacierDays: 90 };
    const inMonth = (month: number) => quantities(s3Lines(largeObjects, ageing, month, prices));
    const { 'objects written': objects } = inMonth(2);

    expect(inMonth(1)).not.toHaveProperty('moved to Standard-IA');
    expect(inMonth(2)['moved to Standard-IA']).toBeCloseTo((objects! * (2 * 730 - 40 * 24)) / 730, 6);
    expect(inMonth(3)['moved to Standard-IA']).toBe(objects);
    expect(inMonth(3)['moved to Glacier']).toBeCloseTo((objects! * (3 * 730 - 90 * 24)) / 730, 6);
    expect(inMonth(4)['moved to Glacier']).toBe(objects);
  });

  it('moves nothing that is not old enough, and lets a class be left out', () => {
    const cold = { archiveInfrequentAccessDays: 0, archiveGlacierDays: 60, archiveExpiryDays: 0 };

    expect(Object.keys(quantities(s3Lines(largeObjects, { ...large, ...cold }, 1, prices)))).toEqual([
      'objects written',
      'kept in Standard',
    ]);
    expect(quantities(s3Lines(largeObjects, { ...large, ...cold }, 3, prices))).toMatchObject({
      'kept in Standard': expect.closeTo(60 * 24 * gigabytesAnHour, 9),
      'kept in Glacier': expect.closeTo((3 * 730 - 60 * 24) * gigabytesAnHour, 9),
    });
  });
});

describe('CloudWatch', () => {
  const logs = {
    shardLevelMetrics: false,
    logRetentionDays: 365,
    alarms: false,
    alarmEmail: '',
    heartbeatMinutes: 0,
  };

  it('charges metrics that get data in every hour of the month, and logs by the GB', () => {
    const lines = cloudWatchLines(
      { aggregator: 5_000, compactor: 7_000, transformer: 9_000 },
      2,
      logs,
      3,
      prices,
    );
    const { embeddedMetrics, logBytes } = measured;
    const written =
      (5_000 * logBytes.aggregator + 7_000 * logBytes.compactor + 9_000 * logBytes.transformer) / gib;

    expect(quantities(lines)).toEqual({
      'metrics of the functions':
        embeddedMetrics.aggregator + embeddedMetrics.compactor + embeddedMetrics.transformer,
      'metrics of the event source mapping': assumed.mappingMetrics,
      'logs written': written,
      'logs kept': 3 * written,
    });
  });

  it('charges a metric for the hours in which it gets data', () => {
    const lines = cloudWatchLines({ aggregator: 73, compactor: 0, transformer: 0 }, 2, logs, 1, prices);

    expect(quantities(lines)['metrics of the event source mapping']).toBeCloseTo(
      assumed.mappingMetrics / 10,
      9,
    );
  });

  it('charges alarms by the metrics that they look at, and the dashboard, busy or not', () => {
    const alarmsOf = (settings: { alarms: boolean; heartbeatMinutes: number; alarmEmail?: string }) =>
      quantities(
        cloudWatchLines(
          { aggregator: 0, compactor: 0, transformer: 0 },
          2,
          { ...logs, ...settings },
          1,
          prices,
        ),
      );
    const { always, heartbeat } = measured.alarmMetrics;

    expect(alarmsOf({ alarms: true, heartbeatMinutes: 0 })).toMatchObject({
      'metrics under an alarm': always,
      dashboard: 1,
    });
    expect(alarmsOf({ alarms: true, heartbeatMinutes: 5 })['metrics under an alarm']).toBe(
      always + heartbeat,
    );
    expect(alarmsOf({ alarms: true, heartbeatMinutes: 0, alarmEmail: 'a@b.example' })).toMatchObject({
      'messages of alarms': assumed.alarmMails,
    });
    expect(Object.keys(alarmsOf({ alarms: false, heartbeatMinutes: 5, alarmEmail: 'a@b.example' }))).toEqual(
      Object.keys(
        quantities(cloudWatchLines({ aggregator: 0, compactor: 0, transformer: 0 }, 2, logs, 1, prices)),
      ),
    );
  });

  it('adds the metrics of each shard where they are asked for', () => {
    const lines = cloudWatchLines(
      { aggregator: 0, compactor: 0, transformer: 0 },
      4,
      { ...logs, shardLevelMetrics: true },
      1,
      prices,
    );

    expect(quantities(lines)['metrics of 4 shards']).toBe(4 * assumed.shardMetrics);
  });
});

describe('KMS', () => {
  it("charges requests of AWS's key, and the customer's key with those of the archive", () => {
    const stream = assumed.streamKeyRequestsPerHour * 730;

    expect(quantities(kmsLines(8_000, { encryption: 'aws-managed' }, prices))).toEqual({ requests: stream });
    expect(quantities(kmsLines(8_000, { encryption: 'customer-managed' }, prices))).toEqual({
      'the key': 1,
      requests: stream + 8_000,
    });
    expect(quantities(kmsLines(8_000, { encryption: 'key-granted' }, prices))).toEqual({
      'the key': 1,
      requests: stream,
    });
  });
});

describe('The hosted dashboard', () => {
  it('charges what an open page asks for, and nothing where there is none', () => {
    expect(dashboardLines(3, settings(), prices)).toEqual([]);
    const lines = dashboardLines(3, settings({ dashboard: 'hosted' }), prices);
    const requests = 176 * 720 * 12;

    expect(quantities(lines)).toEqual({
      'dashboard: requests': requests,
      'dashboard: users': 5,
      'query: requests': requests,
      'query: 20 ms each': requests * 0.02,
      'dashboard: what is new': requests * 4,
      // A list of alarms and two metrics, each minute.
      'dashboard: health of the pipeline': 176 * 60 * 3,
      'dashboard: metrics under an alarm': 7,
      'dashboard: given-up batches': 176 * 60,
    });
    // What it was without, $0.32 for CloudWatch's answers, $0.05 for lists, and $0.70 for alarms.
    expect(totalOf(lines)).toBeCloseTo(4.54 + 0.32 + 0.05 + 0.7, 1);
    const withoutAlarms = dashboardLines(3, settings({ dashboard: 'hosted', alarms: false }), prices);
    expect(lines.length - withoutAlarms.length).toBe(2);
  });
});

describe('The Parquet copy', () => {
  it('is billed as one more delivery stream that converts, with what it keeps and its alarms', () => {
    const transformer = { count: 1_000, milliseconds: 13, memoryMiB: 512 };
    const of = (context: Readonly<Record<string, unknown>>) =>
      parquetLines(flow(), traffic(), transformer, settings({ analytics: true, ...context }), 1, prices);
    expect(of({})).toEqual([]);
    const lines = of({ parquet: true, streamMode: 'on-demand' });
    const gigabytes = (11 * secondsPerMonth) / 1024 ** 3;
    expect(quantities(lines)).toEqual({
      'Parquet: out to one more consumer': 300 * gigabytes,
      'Parquet: records': 5 * 1_024 * gigabytes,
      'Parquet: conversion': 5 * 1_024 * gigabytes,
      'Parquet transformer: requests': 1_000,
      'Parquet transformer: 13 ms each': 6.5,
      'Parquet: objects written': expect.any(Number),
      'Parquet: kept in Standard': expect.any(Number),
      'Parquet: metrics of the transformer': 2,
      'Parquet: logs written': (1_000 * 770) / 1024 ** 3,
      'Parquet: metrics under an alarm': 9,
    });
    expect(lines.find(({ driver }) => driver === 'Parquet: conversion')!.dollars).toBeCloseTo(
      5 * 1_024 * gigabytes * 0.018,
      9,
    );
    const withoutAlarms = Object.keys(quantities(of({ parquet: true, alarms: false })));
    expect(withoutAlarms).not.toContain('Parquet: metrics under an alarm');
    expect(withoutAlarms).not.toContain('Parquet: out to one more consumer');
  });
});

describe('The collector', () => {
  it('is billed a request for each event, while it waits for Kinesis, and for its alarms', () => {
    expect(collectorLines(1e6, settings(), prices)).toEqual([]);
    const lines = collectorLines(1e6, settings({ collector: true, collectorMemoryMiB: 1_024 }), prices);
    // 2 ms of a vCPU at 1,024 of 1,769 MiB are 3.5 ms; Kinesis takes 15.
    expect(quantities(lines)).toEqual({
      'collector: requests': 1e6,
      'collector: 19 ms each': 19_000,
      'collector: logs written': (1e6 * 370) / 1024 ** 3,
      'collector: metrics under an alarm': 3,
    });
    const withoutAlarms = collectorLines(1e6, settings({ collector: true, alarms: false }), prices);
    expect(withoutAlarms.reduce((sum, { dollars }) => sum + dollars, 0)).toBeCloseTo(0.52, 2);
  });

  it('is billed by CloudFront as well where that is in front, beside or as the only way', () => {
    const linesOf = (collectorCloudFront: string) =>
      collectorLines(3e6, settings({ collector: true, collectorCloudFront }), prices);
    const without = new Set(linesOf('off').map(({ driver, service }) => `${service} ${driver}`));
    const more = linesOf('beside').filter(({ driver, service }) => !without.has(`${service} ${driver}`));
    expect(more.map(({ service, dollars }) => [service, dollars])).toEqual([
      ['CloudFront', 3],
      ['Secrets Manager', 0.4],
    ]);
    expect(linesOf('only')).toEqual(linesOf('beside'));
  });
});

describe('A destination', () => {
  const ofTraffic = {
    traffic: traffic({ packing: 'ndjson' }),
    flow: flow({ recordBytes: 5_121 }),
    forwarder: { count: 4_000_000, milliseconds: 20, memoryMiB: 512 },
  };

  it('takes what Firehose takes again, its function, and its alarms', () => {
    const lines = destinationLines(ofTraffic, { destination: 'splunk', alarms: true }, prices);
    expect(quantities(lines)).toEqual({
      'destination: a record as 10 KB': expect.closeTo((11 * secondsPerMonth * 10_240) / gib, 6),
      'forwarder: requests': 4_000_000,
      'forwarder: 20 ms each': 40_000,
      'destination: logs written': expect.closeTo((4_000_000 * 770) / gib, 6),
      'destination: metrics of the forwarder': 1,
      'destination: metrics under an alarm': 7,
    });
  });

  it('costs nothing if there is none', () => {
    expect(destinationLines(ofTraffic, { destination: 'off', alarms: true }, prices)).toEqual([]);
  });
});

describe('The detector of anomalies', () => {
  it('is billed for reading its weeks once an hour and looking four times, for metrics and for alarms', () => {
    expect(anomaliesLines(2, settings(), prices)).toEqual([]);
    const lines = anomaliesLines(2, settings({ anomalies: true, uniqueVisitors: 'page' }), prices);
    const { readUnitsPerShard, logBytes } = measured.anomalies;
    expect(quantities(lines)).toMatchObject({
      'anomalies: requests': 4 * 730,
      'anomalies: reads': 2 * readUnitsPerShard * 730,
      'anomalies: metrics': 5,
      'anomalies: logs written': (4 * 730 * logBytes) / 1024 ** 3,
      'anomalies: metrics under an alarm': 6,
    });
    const without = anomaliesLines(2, settings({ anomalies: true, uniqueVisitors: 'off' }), prices);
    expect(quantities(without)).toMatchObject({ 'anomalies: metrics under an alarm': 5 });
  });
});

describe('The sources', () => {
  const tenASecond = traffic({ eventsPerSecond: 10, peakEventsPerSecond: 10, packing: 'ndjson' });
  const provisioned = {
    streamMode: 'provisioned',
    shardCount: 2,
    streamRetentionHours: 24,
    deduplicationSeconds: 300,
  } as const;

  it('of logs are billed a second stream, a record a line, and the adapter', () => {
    expect(sourcesLines(tenASecond, settings(), prices)).toEqual([]);
    const on = settings({ ...provisioned, logSources: true, batchingWindowSeconds: 4, batchSize: 100 });
    // Two shards, each a batch of 20 lines every four seconds.
    expect(quantities(sourcesLines(tenASecond, on, prices))).toEqual({
      'log lines: shards: 2': 1_460,
      'log lines: units of 25 KB a record: 1': 10 * secondsPerMonth,
      'adapter: requests': 0.5 * secondsPerMonth,
      // 0.5 ms of a vCPU at 512 of 1,769 MiB are 1.7 ms; Kinesis takes 15.
      'adapter: 17 ms each': (0.017 * 0.5 * secondsPerMonth * 512) / 1_024,
      'adapter: metrics of its mapping': 6,
      'adapter: logs written': (0.5 * secondsPerMonth * 620) / gib,
      'adapter: metrics under an alarm': 8,
    });
  });

  it('cost what a stream costs while nothing is subscribed', () => {
    const idle = traffic({ eventsPerSecond: 0, peakEventsPerSecond: 0 });
    const lines = sourcesLines(idle, settings({ ...provisioned, logSources: true, alarms: false }), prices);
    const charged = lines.filter(({ dollars }) => dollars > 0);
    expect(charged.map(({ driver, dollars }) => [driver, dollars])).toEqual([['log lines: shards: 2', 21.9]]);
  });

  it('of a bus are billed by the event', () => {
    const lines = sourcesLines(tenASecond, settings({ ...provisioned, busSource: 'shop' }), prices);
    expect(quantities(lines)).toEqual({
      'events published': 10 * secondsPerMonth,
      'bus: metrics under an alarm': 1,
    });
    expect(lines[0]!.dollars).toBeCloseTo(26.28, 2);
  });
});

describe('The video stream', () => {
  it('is billed its key, and nothing where there is none', () => {
    expect(videoLines(settings(), prices)).toEqual([]);
    expect(quantities(videoLines(settings({ video: true }), prices))).toEqual({ 'video: key': 1 });
  });
});
