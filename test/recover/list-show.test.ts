import { gzipSync } from 'node:zlib';
import { listFailures } from '../../recover/list';
import { showObject } from '../../recover/show';
import { failuresText, shownText } from '../../recover/text';
import { clickJson } from '../support/click-factory';
import { arrival, shardRecords } from '../support/shard-records';
import { errorLine, givenUp } from './failure-factory';
import { createMemoryBucket } from './memory-bucket';

const shard = 'clicks/shardId-000000000003';
const errorKey = 'errors/processing-failed/year=2026/month=03/day=01/hour=10/delivery-1';

async function stores() {
  const [onFailure, archive] = [createMemoryBucket(), createMemoryBucket(() => arrival + 90_000)];
  const good = clickJson({ eventId: 'id-1', page: '/a' });
  const batch = givenUp(shard, shardRecords([`${good}\nno json`, clickJson({ eventId: 'id-2' })]));
  await onFailure.put(batch.key, batch.body);
  const repaired = givenUp(shard, shardRecords([good]), { uuid: 'd4' });
  await onFailure.put(`repaired/${repaired.key}`, repaired.body);
  const lines = [
    errorLine({ data: '{"a":1}', arrivedAt: arrival + 2_000 }),
    errorLine({ data: good, arrivedAt: arrival }, 'lambdaArn'),
  ];
  await archive.put(errorKey, gzipSync(lines.join('')));
  await archive.put('events/year=2026/x', Buffer.from('not looked at'));
  await archive.put(`resubmitted/${errorKey}.json`, Buffer.from('{}'));
  return { onFailure, archive, batchKey: batch.key, repairedKey: `repaired/${repaired.key}` };
}

describe('recover list', () => {
  it('tells of given-up batches and rejected records what an operator has to know', async () => {
    const { batchKey, ...both } = await stores();
    const [first, last] = shardRecords(['', '']).map(({ sequenceNumber }) => sequenceNumber);

    expect(await listFailures(both, false)).toEqual({
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
      rejected: [
        {
          key: errorKey,
          at: '2026-03-01T10:01:30.000Z',
          firstArrival: '2026-03-01T10:00:00.000Z',
          lastArrival: '2026-03-01T10:00:02.000Z',
          records: 2,
          errors: { 'Lambda.ProcessingFailedStatus: The function said so': 2 },
        },
      ],
      resubmitted: [],
      unreadable: [],
    });
  });

  it('adds with --all what was dealt with', async () => {
    const { repairedKey, ...both } = await stores();
    const { givenUp: batches, resubmitted } = await listFailures(both, true);

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
    const failures = await listFailures(both, false);

    expect(failures.givenUp).toHaveLength(1);
    expect(failures.unreadable).toEqual([
      { key: 'aws/lambda/strange', problem: expect.stringContaining(problem) },
    ]);
    expect(failuresText(failures)).toContain('cannot be read: aws/lambda/strange: ');
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

  it('says why each rejected record failed, and what the parser makes of it now', async () => {
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
    ['events/year=2026/x', 'the key is "events/year=2026/x"; allowed'],
    ['aws/lambda/none', 'there is no object aws/lambda/none'],
  ])('refuses the key %s', async (key, message) => {
    await expect(showObject(await stores(), key)).rejects.toThrow(message);
  });
});
