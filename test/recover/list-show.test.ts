import { gzipSync } from 'node:zlib';
import { archiveLine } from '../../domain/archive/archive-line';
import { readRecord } from '../../domain/event/record';
import { failuresText, shownText } from '../../recover/failure-texts';
import { listFailures } from '../../recover/list';
import { showObject } from '../../recover/show';
import { clickJson } from '../support/click-factory';
import { arrival, shardRecords } from '../support/shard-records';
import { errorLine, givenUp } from './failure-factory';
import { createMemoryBucket } from './memory-bucket';

const shard = 'clicks/shardId-000000000003';
const errorKey = 'errors/processing-failed/year=2026/month=03/day=01/hour=10/delivery-1';

const archivedKey = 'events/year=2026/month=03/day=01/hour=10/delivery-2';
const request = {
  all: false,
  arrivals: { from: arrival - 3_600_000, to: arrival + 60_000 },
  longestLagMs: 0,
};

const good = clickJson({ eventId: 'id-1', page: '/a' });

async function stores() {
  const [onFailure, archive] = [createMemoryBucket(), createMemoryBucket(() => arrival + 90_000)];
  const batch = givenUp(shard, shardRecords([`${good}\nno json`, clickJson({ eventId: 'id-2' })]));
  await onFailure.put(batch.key, batch.body);
  const repaired = givenUp(shard, shardRecords([good]), { uuid: 'd4' });
  await onFailure.put(`repaired/${repaired.key}`, repaired.body);
  const lines = [
    errorLine({ data: '{"a":1}', arrivedAt: arrival + 2_000 }),
    errorLine({ data: good, arrivedAt: arrival }, 'lambdaArn'),
  ];
  await archive.put(errorKey, gzipSync(lines.join('')));
  const place = { shardId: 'shardId-000000000003', sequenceNumber: '123', arrivedAt: arrival };
  const archived = readRecord(Buffer.from(`${good}\nno json\n{"a":2}\nno json`), arrival).map(
    (reading, index) => archiveLine(reading, { ...place, subSequenceNumber: index }),
  );
  await archive.put(archivedKey, gzipSync(Buffer.concat(archived)));
  await archive.put(archivedKey.replace('hour=10', 'hour=08'), Buffer.from('not looked at'));
  await archive.put(`resubmitted/${errorKey}.json`, Buffer.from('{}'));
  return { onFailure, archive, batchKey: batch.key, repairedKey: `repaired/${repaired.key}` };
}

describe('recover list', () => {
  it('tells of given-up batches and rejected records what an operator has to know', async () => {
    const { batchKey, ...both } = await stores();
    const [first, last] = shardRecords(['', '']).map(({ sequenceNumber }) => sequenceNumber);

    expect(await listFailures(both, request)).toEqual({
      givenUp: [
        {
          key: batchKey,
          isRepaired: false,
          at: '2026-03-01T16:00:00.000Z',
          shard,
          firstSequenceNumber: first,
          lastSequenceNumber: last,
          firstArrival: '2026-03-01T10:00:00.000Z',
          lastArrival: '2026-03-01T10:00:01.000Z',
          records: 2,
          condition: 'RecordAgeExceeded',
          error: 'the function was not invoked, or the records grew too old',
        },
      ],
      failed: [
        {
          key: errorKey,
          isBackfilled: false,
          at: '2026-03-01T10:01:30.000Z',
          firstArrival: '2026-03-01T10:00:00.000Z',
          lastArrival: '2026-03-01T10:00:02.000Z',
          records: 2,
          errors: { 'Lambda.ProcessingFailedStatus: The function said so': 2 },
        },
      ],
      undelivered: [],
      rejected: [{ key: archivedKey, lines: 3, reasons: { not_json: 2, 'missing_field:eventId': 1 } }],
      resubmitted: [],
      unreadable: [],
    });
  });

  it('shows the reasons of rejections', async () => {
    const text = failuresText(await listFailures(await stores(), request), '2026-03-01T09:00:00Z', 'now');
    expect(text).toContain(
      '1 object of the archive with rejected lines that arrived from 2026-03-01T09:00:00Z to now\n' +
        `  ${archivedKey}\n    3 lines\n    2 × not_json\n    1 × missing_field:eventId\n`,
    );
    expect(text).toContain('1 batch that the aggregator gave up\n');
  });

  it('adds with --all what was dealt with', async () => {
    const { repairedKey, ...both } = await stores();
    const { givenUp: batches, resubmitted } = await listFailures(both, { ...request, all: true });

    expect(batches.map(({ key, isRepaired }) => ({ key, isRepaired }))[1]).toEqual({
      key: repairedKey,
      isRepaired: true,
    });
    expect(resubmitted).toEqual([`resubmitted/${errorKey}.json`]);
  });

  it.each([
    ['hello', 'it is not the JSON of an on-failure object'],
    ['{"payload":"hello"}', 'it is not the JSON of an on-failure object'],
    ['{"version":"1.0"}', 'it has no payload with Records'],
    ['{"payload":"{\\"Records\\":[]}"}', 'its payload is not a Kinesis event: '],
  ])('names an object that it cannot read: %s', async (text, problem) => {
    const { batchKey, ...both } = await stores();
    await both.onFailure.put('aws/lambda/strange', Buffer.from(text));
    const failures = await listFailures(both, request);

    expect(failures.givenUp).toHaveLength(1);
    expect(failures.unreadable).toEqual([
      { key: 'aws/lambda/strange', problem: expect.stringContaining(problem) },
    ]);
    expect(failuresText(failures, 'T1', 'T2')).toContain('cannot be read: aws/lambda/strange: ');
  });
});

describe('recover show', () => {
  it('decodes a given-up batch, line by line', async () => {
    const { batchKey, ...both } = await stores();
    const shown = await showObject(both, batchKey);

    expect(shown).toMatchObject({ kind: 'given up', shard });
    expect(shown.records[0]).toMatchObject({
      arrivedAt: '2026-03-01T10:00:00.000Z',
      failure: expect.stringContaining('RecordAgeExceeded'),
      lines: [
        { index: 0, ok: true, event: expect.stringContaining('"eventId":"id-1"') },
        { index: 1, ok: false, reason: 'not_json', raw: Buffer.from('no json').toString('base64') },
      ],
    });
    expect(shownText(shown)).toContain('  1  rejected: not_json  "no json"\n');
  });

  it('shows the rejected lines of an object of the archive, with their places', async () => {
    const shown = await showObject(await stores(), archivedKey);

    expect(shownText(shown)).toBe(
      `${archivedKey}: 1 record rejected\n` +
        'shardId-000000000003 123  arrived 2026-03-01T10:00:00.000Z  rejected: not_json\n' +
        '  1  rejected: not_json  "no json"\n' +
        '  2  rejected: missing_field:eventId  "{\\"a\\":2}"\n' +
        '  3  rejected: not_json  "no json"\n',
    );
  });

  it('bounds what it shows of a record of a mebibyte of garbage', async () => {
    const both = await stores();
    const data = 'x\n'.repeat(512 * 1024);
    const batch = givenUp(shard, shardRecords([data]), { uuid: 'garbage' });
    await both.onFailure.put(batch.key, batch.body);
    await both.archive.put(`${errorKey}-garbage`, Buffer.from(errorLine({ data, arrivedAt: arrival })));

    for (const key of [batch.key, `${errorKey}-garbage`]) {
      const text = shownText(await showObject(both, key));
      expect(text.split('\n')).toHaveLength(104);
      expect(text).toContain('  and 524188 more lines\n');
    }
  });

  it('prints nothing that commands or misleads a terminal', async () => {
    const both = await stores();
    const page = '/\u009b31m\u007f\u202etxt';
    const data = [JSON.stringify({ ...JSON.parse(good), page }), `no json ${page}`].join('\n');
    await both.archive.put(errorKey, Buffer.from(errorLine({ data, arrivedAt: arrival })));

    const text = shownText(await showObject(both, errorKey));
    expect(text).toContain('/\ufffd31m\ufffd\ufffdtxt');
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
  });

  it('says why the transformer failed at each record, and what the parser makes of it now', async () => {
    const both = await stores();
    const { records } = await showObject(both, errorKey);

    expect(records.map(({ failure, lines: [line] }) => [failure, line?.ok])).toEqual([
      [
        'Lambda.ProcessingFailedStatus: The function said so by arn:aws:lambda:us-east-1:000000000000:function:transformer-9, 2 attempts',
        false,
      ],
      [
        'Lambda.ProcessingFailedStatus: The function said so by arn:aws:lambda:us-east-1:000000000000:function:transformer-9, 2 attempts',
        true,
      ],
    ]);
    expect(records[0]?.lines[0]).toMatchObject({ reason: 'missing_field:eventId' });
  });

  it.each([
    ['table/x', 'the key is "table/x"; allowed'],
    ['events/year=2026/x', 'there is no object events/year=2026/x'],
    ['aws/lambda/none', 'there is no object aws/lambda/none'],
  ])('refuses the key %s', async (key, message) => {
    await expect(showObject(await stores(), key)).rejects.toThrow(message);
  });
});

describe('What a destination did not take', () => {
  const key = 'undelivered/http-endpoint-failed/year=2026/month=03/day=01/hour=10/destination-1';
  const place = { shardId: 'shardId-000000000003', sequenceNumber: '77', arrivedAt: arrival };
  const lines = readRecord(Buffer.from(`${good}\n${good}`), arrival).map((reading, index) =>
    archiveLine(reading, { ...place, subSequenceNumber: index }),
  );
  const document = {
    attemptsMade: 6,
    arrivalTimestamp: arrival,
    errorCode: 'HttpEndpoint.DestinationException',
    errorMessage: 'no',
    rawData: Buffer.concat(lines).toString('base64'),
  };

  async function undelivered() {
    const { onFailure, archive } = await stores();
    await archive.put(key, gzipSync(`${JSON.stringify(document)}\n`));
    return { onFailure, archive };
  }

  it('is listed by itself, and is nothing that the archive lacks', async () => {
    const { failed, undelivered: listed } = await listFailures(await undelivered(), request);
    expect(failed.map((object) => object.key)).toEqual([errorKey]);
    expect(listed).toMatchObject([
      { key, records: 1, errors: { 'HttpEndpoint.DestinationException: no': 1 }, isBackfilled: false },
    ]);
  });

  it('is shown with its place in the stream', async () => {
    const { records, kind } = await showObject(await undelivered(), key);
    expect(kind).toBe('failed');
    expect(records).toEqual([
      {
        shardId: 'shardId-000000000003',
        sequenceNumber: '77',
        arrivedAt: '2026-03-01T10:00:00.000Z',
        failure: 'HttpEndpoint.DestinationException: no, 6 attempts',
        lines: [0, 1].map((index) => ({
          index,
          ok: true,
          event: lines[index]!.toString().trimEnd(),
        })),
        more: 0,
      },
    ]);
  });
});
