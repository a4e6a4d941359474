import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { linesOfParquet, parquetOf } from '../../analytics/duckdb/parquet';
import { archiveLine } from '../../domain/archive/archive-line';
import { readArchivedLine } from '../../domain/archive/archived-line';
import { archiveColumns } from '../../domain/archive/columns';
import { linesIn } from '../../domain/archive/lines-in';
import { dimensions, valueIn } from '../../domain/counters/dimensions';
import { deviceOf } from '../../domain/derived/user-agent';
import { aggregate, deaggregate } from '../../domain/event/kpl';
import { eventIndex } from '../../domain/event/position';
import { type Reading, readRecord, readStreamRecord } from '../../domain/event/record';
import { hash64 } from '../../domain/numbers/hash64';
import { touchOf } from '../../domain/visitors/sketch';
import { erase } from '../../recover/erase/erase';
import { pseudonymFor } from '../../recover/erase/pseudonym';
import { receiptText } from '../../recover/erase/receipt-text';
import { clickJson } from '../support/click-factory';
import { kplAggregate } from '../support/kpl-encoder';
import { arrival } from '../support/shard-records';
import { givenUp } from './failure-factory';
import { createMemoryBucket, type MemoryBucket } from './memory-bucket';

/** Her name, and those of sessions, are such as others are quickly found for. */
const jane = 'jane-4d5e6f';
const folder = 'year=2026/month=03/day=01/hour=10/';
const archived = `events/${folder}delivery-1`;
const shard = 'clicks/shardId-000000000004';

function lines(record: string | Uint8Array, sequenceNumber = '770'): Buffer {
  const readings = readStreamRecord(Buffer.from(record), arrival);
  return Buffer.concat(
    readings.flatMap((ofInner, subsequence) =>
      ofInner.map((reading, line) =>
        archiveLine(reading, {
          ...{ shardId: 'shardId-000000000004', sequenceNumber, arrivedAt: arrival },
          subSequenceNumber: eventIndex(subsequence, line),
        }),
      ),
    ),
  );
}

async function erased(
  {
    archive,
    onFailure = createMemoryBucket(),
    parquet,
  }: { archive: MemoryBucket; onFailure?: MemoryBucket; parquet?: MemoryBucket },
  { dryRun = false, retentionMs = 0, secret = 'a secret of the test' } = {},
) {
  const ports = {
    archive,
    onFailure,
    parquet,
    now: () => arrival + 1_000,
    retentionMs,
    newSecret: () => secret,
  };
  return erase({ visitorId: jane, dryRun }, ports);
}

const text = (bucket: MemoryBucket, key: string): string => {
  const { body } = bucket.objects.get(key)!;
  return (body[0] === 0x1f ? gunzipSync(body) : body).toString();
};

const userAgents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148',
  'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15',
  'Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36',
  'Mozilla/5.0 (PlayStation; PlayStation 5/8.20) AppleWebKit/605.1.15',
  'Googlebot/2.1 (+http://www.google.com/bot.html)',
  'Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) Chrome/126.0 Mobile Safari/537.36 (compatible; Googlebot/2.1)',
  'curl/8.5.0',
  '-',
];

const event = fc.record(
  {
    eventId: fc.constantFrom('e-1', 'e-2', 'e-3'),
    visitorId: fc.constantFrom(jane, 'john-77ab12'),
    page: fc.constantFrom('/', '/pricing', '/ä ö'),
    type: fc.constantFrom('page_view', 'click'),
    sessionId: fc.constantFrom('s-3', 's-4', ''),
    element: fc.constantFrom('buy', ''),
    referrer: fc.constantFrom('https://Search.example:8080/?q=jane', '-', '', 'no address'),
    userAgent: fc.constantFrom(...userAgents),
    title: fc.constant('The account of Jane'),
    campaign: fc.constantFrom('spring'),
    status: fc.constantFrom<unknown>(404, '200', 'fine', { code: 3 }),
    address: fc.constant('jane@example.com'),
    timestamp: fc.constantFrom('2026-03-01T09:59:30.000Z', '2026-02-27T09:59:30+01:00'),
  },
  { requiredKeys: ['eventId', 'visitorId', 'page', 'type', 'timestamp'] },
);
const anyLine = fc.oneof(
  {
    weight: 6,
    arbitrary: event.map(({ eventId, ...given }) =>
      // Nobody else has made her ids.
      clickJson({ ...given, eventId: `${eventId} of ${given.visitorId}` } as Record<string, unknown>),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      `{"visitorId":"${jane}","type":"click"}`,
      `no json of ${jane}`,
      `{"eventId":1,"visitorId":"${jane}"}`,
      'no json of anybody',
    ),
  },
);

const counted = (reading: Reading): unknown =>
  dimensions.map((dimension) => valueIn(dimension, reading, false) ?? null);

const readingsOf = (body: string) => [...linesIn(Buffer.from(body))].map((line) => readArchivedLine(line)!);

describe('Erasing a visitor', () => {
  it('leaves nothing of hers, everything of others, every place, and every count', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyLine, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        async (records) => {
          const archive = createMemoryBucket();
          const body = Buffer.concat(records.map((record, index) => lines(record.join('\n'), `77${index}`)));
          await archive.putGzip(archived, body);
          const receipt = await erased({ archive });
          const [before, after] = [readingsOf(body.toString()), readingsOf(text(archive, archived))];

          expect(receipt.left).toEqual([]);
          expect(after.map(({ place }) => place)).toEqual(before.map(({ place }) => place));
          expect(after.map((line) => [line.rejected, counted(line.read())])).toEqual(
            before.map((line) => [line.rejected, counted(line.read())]),
          );
          for (const [index, line] of after.entries()) {
            const was = before[index]!.read();
            const isHers = was.ok ? was.field('visitorId') === jane : was.bytes.includes(jane);
            const sent = line.read().bytes.toString();
            if (isHers) expect(sent).not.toMatch(/jane|Jane|spring|126|iPhone|Tizen|http:|"e-\d|s-\d/);
            else expect(sent).toBe(was.bytes.toString());
          }
          const copies = (all: typeof before) =>
            all
              .map((line) => line.read())
              .filter((one) => one.ok)
              .map((one) => one.field('eventId')!);
          const sameIds = (ids: string[]) => ids.map((id) => ids.indexOf(id));
          expect(sameIds(copies(after))).toEqual(sameIds(copies(before)));
        },
      ),
      // A name for each that the sketches take for her takes some thousand hashes.
      { numRuns: process.env.TEST_ALL ? 100 : 20 },
    );
  });

  it('keeps the sketches of distinct visitors as they are: her new name is seen already', () => {
    for (const id of [jane, 'anyone-1', 'anyone-2']) {
      const name = pseudonymFor(id, 'test');
      for (const precision of [10, 12] as const) {
        expect(touchOf(precision, hash64(name))).toBe(touchOf(precision, hash64(id)));
      }
      expect(name).not.toContain(id);
    }
  });

  it('reaches into packed and aggregated records that nobody could process, and their keys', async () => {
    const [archive, onFailure] = [createMemoryBucket(), createMemoryBucket()];
    const hers = clickJson({ visitorId: jane, title: 'The account of Jane' });
    const his = clickJson({ visitorId: 'john-77ab12', page: '/john' });
    const packed = kplAggregate([
      { data: `${hers}\n${his}`, partitionKey: jane },
      { data: his, partitionKey: 'john-77ab12', explicitHashKey: '7' },
    ]);
    const { key, body } = givenUp(shard, [{ sequenceNumber: '9', data: packed, arrivedAt: arrival }], {
      uuid: 'object-1',
      now: arrival,
    });
    await onFailure.put(key, body);
    const document = {
      rawData: packed.toString('base64'),
      arrivalTimestamp: arrival - 5_000,
      errorCode: 'Lambda.FunctionError',
    };
    const failed = `errors/processing-failed/${folder}one`;
    await archive.putGzip(failed, Buffer.from(`${JSON.stringify(document)}\n`));

    const receipt = await erased({ archive, onFailure });
    expect(receipt).toMatchObject({ lines: 2, objects: [failed, key], left: [] });
    const payload = JSON.parse(text(onFailure, key)).payload;
    const [record] = (typeof payload === 'string' ? JSON.parse(payload) : payload).Records;
    expect(record.kinesis.partitionKey).not.toBe(jane);
    for (const data of [record.kinesis.data, JSON.parse(text(archive, failed)).rawData]) {
      const inner = deaggregate(Buffer.from(data, 'base64'))!;
      expect(inner.map(({ explicitHashKey }) => explicitHashKey)).toEqual([undefined, '7']);
      expect(inner[1]).toMatchObject({ partitionKey: 'john-77ab12' });
      expect(Buffer.from(inner[1]!.data).toString()).toBe(his);
      expect(inner[0]!.partitionKey).toMatch(/^erased-/);
      const [first, second] = readRecord(inner[0]!.data, arrival);
      expect(first!.bytes.toString()).not.toMatch(/jane/i);
      expect(second!.bytes.toString()).toBe(his);
    }
  });

  it('erases what a destination did not take: lines of the archive, and records that the function failed at', async () => {
    const archive = createMemoryBucket();
    const place = {
      shardId: 'shardId-000000000001',
      sequenceNumber: '5',
      arrivedAt: arrival,
      subSequenceNumber: 0,
    };
    const mine = clickJson({ visitorId: jane });
    const [reading] = readRecord(Buffer.from(mine), arrival);
    const sent = `undelivered/http-endpoint-failed/${folder}one`;
    const raw = `undelivered/processing-failed/${folder}two`;
    const of = (rawData: Buffer, more: object) =>
      Buffer.from(
        `${JSON.stringify({ rawData: rawData.toString('base64'), arrivalTimestamp: arrival, ...more })}\n`,
      );
    await archive.putGzip(
      sent,
      of(archiveLine(reading!, place), { errorCode: 'HttpEndpoint.ConnectionFailed' }),
    );
    await archive.putGzip(
      raw,
      of(Buffer.from(mine), { errorCode: 'Lambda.FunctionError', lambdaARN: 'arn:aws:f' }),
    );

    expect(await erased({ archive })).toMatchObject({ lines: 2, objects: [sent, raw], left: [] });
    for (const key of [sent, raw]) {
      const data = Buffer.from(JSON.parse(text(archive, key)).rawData, 'base64').toString();
      expect(data).not.toMatch(/jane/i);
      expect(JSON.parse(data)).toMatchObject({
        visitorId: expect.stringMatching(/^erased-/),
        ...(key === sent && { shardId: 'shardId-000000000001', sequenceNumber: '5' }),
      });
    }
  });

  it('leaves a record that the archive does not have yet: by its bytes it is found in the stream', async () => {
    const archive = createMemoryBucket();
    const failed = `errors/processing-failed/${folder}one`;
    const document = {
      rawData: Buffer.from(clickJson({ visitorId: jane })).toString('base64'),
      arrivalTimestamp: arrival,
    };
    await archive.putGzip(failed, Buffer.from(`${JSON.stringify(document)}\n`));
    const before = text(archive, failed);
    const receipt = await erased({ archive }, { retentionMs: 86_400_000 });
    expect(receipt.left).toEqual([{ key: failed, why: expect.stringContaining('run recover backfill') }]);
    expect(text(archive, failed)).toBe(before);
  });

  it('erases her rows of the Parquet copy as her lines of the archive, and leaves those of others', async () => {
    const [archive, parquet] = [createMemoryBucket(), createMemoryBucket()];
    const columns = archiveColumns.map(({ name, type }) => ({
      name: name.toLowerCase(),
      member: name,
      type,
    }));
    const sent = [
      clickJson({ visitorId: jane, title: 'The account of Jane', eventId: 'hers', status: 404 }),
      clickJson({ visitorId: 'john-77ab12', title: '"O\u0000', eventId: 'his' }),
      `no json of ${jane}`,
    ];
    const body = lines(sent.join('\n'));
    await archive.putGzip(archived, body);
    const [key, others] = [`events/${folder}copy-1.parquet`, `events/${folder}copy-2.parquet`];
    await parquet.put(key, await parquetOf(body, columns));
    await parquet.put(others, await parquetOf(lines(sent[1]!), columns));
    const before = parquet.objects.get(others)!.body;
    const failed = { rawData: Buffer.from(sent[0]!).toString('base64'), arrivalTimestamp: arrival };
    const failedKey = `errors/format-conversion-failed/${folder}one`;
    await parquet.put(failedKey, Buffer.from(`${JSON.stringify(failed)}\n`));

    const receipt = await erased({ archive, parquet }, { retentionMs: 86_400_000 });
    expect(receipt).toMatchObject({ read: 1, lines: 2, objects: [archived], left: [] });
    expect(receipt.parquet).toEqual({ read: 3, lines: 3, objects: [key, failedKey] });
    const rows = async (of: Buffer) =>
      [...linesIn(await linesOfParquet(of, columns))].map((line) => JSON.parse(line.toString()));
    const ofArchive = await rows(await parquetOf(Buffer.from(text(archive, archived)), columns));
    expect(await rows(parquet.objects.get(key)!.body)).toEqual(ofArchive);
    expect(JSON.stringify(ofArchive)).not.toMatch(/jane/i);
    expect(ofArchive.map(({ status }) => status)).toEqual(['404', undefined, undefined]);
    expect(parquet.objects.get(others)!.body).toBe(before);
    expect(Buffer.from(JSON.parse(text(parquet, failedKey)).rawData, 'base64').toString()).not.toContain(
      jane,
    );
  });

  it('says in a dry run what it would do, and does nothing', async () => {
    const archive = createMemoryBucket();
    await archive.putGzip(archived, lines(clickJson({ visitorId: jane })));
    const receipt = await erased({ archive }, { dryRun: true });
    expect(receipt).toMatchObject({ read: 1, lines: 1, objects: [archived] });
    expect(text(archive, archived)).toContain(jane);
    expect(archive.keys()).toEqual([archived]);
    expect(receiptText(receipt, { dryRun: true, visitorId: jane })).toContain(
      '1 line would be erased, in 1 object of 1 object read',
    );
  });

  it('asks whether an id was copied with a line break, when there is nothing under it', async () => {
    const receipt = await erased({ archive: createMemoryBucket() });
    const textFor = (visitorId: string) => receiptText(receipt, { dryRun: false, visitorId });
    expect(textFor('jane\r')).toContain('was it copied with one?');
    expect(textFor('jane')).not.toContain('was it copied with one?');
    expect(textFor('jane')).not.toContain('jane');
  });

  it('goes on after a crash with the same names, and keeps no secret at its end', async () => {
    const archive = createMemoryBucket();
    const twice = lines(clickJson({ visitorId: jane, eventId: 'sent-twice' }));
    const keys = [`${archived}-a`, `${archived}-b`];
    for (const key of keys) await archive.putGzip(key, twice);
    let puts = 0;
    const crashing = {
      ...archive,
      putGzip: async (...given: Parameters<typeof archive.putGzip>) => {
        if (++puts > 1) throw new Error('killed');
        return archive.putGzip(...given);
      },
    };
    await expect(erased({ archive: crashing })).rejects.toThrow('killed');
    expect(text(archive, keys[1]!)).toContain(jane);

    const receipt = await erased({ archive }, { secret: 'another secret' });
    expect(receipt.objects).toEqual([keys[1]]);
    const ids = keys
      .map((key) => readingsOf(text(archive, key))[0]!.read())
      .map((reading) => reading.ok && reading.field('eventId'));
    expect(new Set(ids).size).toBe(1);
    expect(archive.keys()).toEqual(keys);
    expect(await erased({ archive })).toMatchObject({ lines: 0, objects: [] });
  });
});

describe('An aggregate that is written', () => {
  it('is read as it was', () => {
    const records = [
      { partitionKey: 'a', data: new Uint8Array([1, 2]) },
      {
        partitionKey: 'b',
        explicitHashKey: '340282366920938463463374607431768211455',
        data: new Uint8Array(300),
      },
      { partitionKey: 'a', explicitHashKey: '0', data: new Uint8Array() },
    ];
    const read = deaggregate(aggregate(records))!;
    expect(read.map(({ data, ...keys }) => ({ ...keys, data: [...data] }))).toEqual(
      records.map(({ data, ...keys }) => ({ ...keys, data: [...data] })),
    );
  });
});

it('has a plain user agent for every class of device', () => {
  expect(new Set(userAgents.map((userAgent) => deviceOf(userAgent).deviceClass)).size).toBe(6);
});
