import type { PutRecordsCommand, PutRecordsCommandOutput } from '@aws-sdk/client-kinesis';
import { archiveLine } from '../../domain/archive/archive-line';
import { readRecord } from '../../domain/event/record';
import { resubmit } from '../../recover/resubmit/resubmit';
import { resubmissionText } from '../../recover/result-texts';
import { clickJson } from '../support/click-factory';
import { arrival } from '../support/shard-records';
import { createMemoryBucket, type MemoryBucket } from './memory-bucket';

const key = 'events/year=2026/month=03/day=01/hour=10/delivery-1';

type Entry = { SequenceNumber: string; ShardId: string } | { ErrorCode: string; ErrorMessage: string };

/** A stream that answers each record as told, by its number; without an answer, it may have taken the records or not. */
function fakeStream(answer: (index: number) => 'take' | 'throttle' | 'fail' | 'silent' = () => 'take') {
  const taken: { data: string; key: string | undefined }[] = [];
  let seen = 0;
  const send = async ({ input }: PutRecordsCommand): Promise<PutRecordsCommandOutput> => {
    const Records: Entry[] = [];
    let isSilent = false;
    for (const { Data, PartitionKey } of input.Records ?? []) {
      const kind = answer(seen++);
      if (kind === 'silent') isSilent = true;
      if (kind === 'throttle' || kind === 'fail') {
        const code = kind === 'fail' ? 'InternalFailure' : 'ProvisionedThroughputExceededException';
        Records.push({ ErrorCode: code, ErrorMessage: 'no' });
        continue;
      }
      taken.push({ data: Buffer.from(Data!).toString(), key: PartitionKey });
      Records.push({ SequenceNumber: `${taken.length}`, ShardId: 'shardId-000000000002' });
    }
    if (isSilent) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    return { Records, $metadata: { httpStatusCode: 200 } };
  };
  return { taken, send };
}

const shardId = 'shardId-000000000004';
const placeOf = (index: number) => `${shardId} 770 ${index}`;
const good = (id: string) => clickJson({ eventId: id, visitorId: `visitor-of-${id}` });

/** An archive of one object whose lines the parser has rejected when they arrived, whatever it says of them by now. */
async function bucketOf(...lines: string[]): Promise<MemoryBucket> {
  const archive = createMemoryBucket();
  await archive.put(key, archivedLines(...lines));
  return archive;
}

function archivedLines(...lines: string[]): Buffer {
  const archived = lines.map((line, subSequenceNumber) => {
    const place = { shardId, sequenceNumber: '770', arrivedAt: arrival, subSequenceNumber };
    return archiveLine({ ok: false, reason: 'reserved_field', bytes: Buffer.from(line) }, place);
  });
  return Buffer.concat(archived);
}

function run(archive: MemoryBucket, client: ReturnType<typeof fakeStream>, options = {}) {
  const ports = { archive, client, streamName: 'clicks', now: () => arrival + 9_000, sleep: async () => {} };
  return resubmit({ key, dryRun: false, ...options }, ports);
}

const ids = (stream: ReturnType<typeof fakeStream>) =>
  stream.taken.map(({ data }) => (JSON.parse(data) as { eventId: string }).eventId);

describe('recover resubmit', () => {
  it('sends what the parser takes by now, keyed by its visitor, and leaves the rest', async () => {
    const archive = await bucketOf(good('a'), 'no json', good('b'));
    const stream = fakeStream();
    const result = await run(archive, stream);

    expect(result).toEqual({
      key,
      lines: 3,
      sent: 2,
      places: [
        { from: placeOf(0), shardId: 'shardId-000000000002', sequenceNumber: '1' },
        { from: placeOf(2), shardId: 'shardId-000000000002', sequenceNumber: '2' },
      ],
      sentBefore: 0,
      inDoubt: [],
      left: { 'still rejected: not_json': 1 },
      fault: undefined,
    });
    expect(stream.taken).toEqual([
      { data: expect.stringContaining('"eventId":"a"'), key: 'visitor-of-a' },
      { data: expect.stringContaining('"eventId":"b"'), key: 'visitor-of-b' },
    ]);
  });

  it('sends nothing the second time', async () => {
    const archive = await bucketOf(good('a'), good('b'));
    const stream = fakeStream();
    await run(archive, stream);

    expect(await run(archive, stream)).toMatchObject({ sent: 0, sentBefore: 2, inDoubt: [] });
    expect(ids(stream)).toEqual(['a', 'b']);
  });

  it('sends nothing in a dry run, and says what it would send', async () => {
    const archive = await bucketOf(good('a'), 'no json');
    const stream = fakeStream();
    const result = await run(archive, stream, { dryRun: true });

    expect(resubmissionText(result, true)).toContain('  1 would be sent, 0 sent before\n');
    expect(stream.taken).toEqual([]);
    expect(archive.keys()).toEqual([key]);
  });

  it('sends again what was throttled, and nothing of which it cannot know', async () => {
    const archive = await bucketOf(good('a'), good('b'), good('c'));
    const stream = fakeStream((index) => (['take', 'throttle', 'fail'] as const)[index] ?? 'take');
    const result = await run(archive, stream);

    expect(result).toMatchObject({ sent: 2, inDoubt: [placeOf(2)], fault: undefined });
    expect(ids(stream)).toEqual(['a', 'b']);
    expect(await run(archive, stream)).toMatchObject({ sent: 0, sentBefore: 2, inDoubt: [placeOf(2)] });
  });

  it('leaves all of a request in doubt that had no answer', async () => {
    const archive = await bucketOf(good('a'), good('b'));
    const stream = fakeStream((index) => (index === 1 ? 'silent' : 'take'));

    expect(await run(archive, stream)).toMatchObject({ sent: 0, inDoubt: [placeOf(0), placeOf(1)] });
    expect(await run(archive, stream)).toMatchObject({ sent: 0, inDoubt: [placeOf(0), placeOf(1)] });
    expect(ids(stream)).toEqual(['a', 'b']);
  });

  it('puts each line into the stream once at the most, wherever it dies', async () => {
    const many = Array.from({ length: 501 }, (_, i) => good(`event-${i}`));
    for (let calls = 1, isWhole = false; !isWhole; calls++) {
      const archive = await bucketOf(...many);
      const stream = fakeStream();
      let left = calls;
      const mortal =
        <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
        async (...args: Args): Promise<T> => {
          if (left-- <= 0) throw new Error('dead');
          const result = await call(...args);
          if (left === 0) throw new Error('died');
          return result;
        };
      const { get, put, create } = archive;
      const dying = { ...archive, get: mortal(get), put: mortal(put), create: mortal(create) };
      isWhole = await run(dying, { ...stream, send: mortal(stream.send) }).then(
        () => true,
        () => false,
      );
      const next = await run(archive, stream);

      expect(new Set(ids(stream)).size).toBe(stream.taken.length);
      // What is in neither is not lost from sight.
      expect(stream.taken.length + next.inDoubt.length).toBeGreaterThanOrEqual(501);
      expect(next.sent + next.sentBefore + next.inDoubt.length).toBe(501);
      expect(calls).toBeLessThan(50);
    }
  });

  it('sends a line once that stands in two objects, and twice in one', async () => {
    const archive = await bucketOf(good('a'), good('b'));
    await archive.put(key, Buffer.concat([archivedLines(good('a')), archivedLines(good('a'), good('b'))]));
    await archive.put(`${key}-again`, archivedLines(good('a'), good('b'), good('c')));
    const stream = fakeStream();

    expect(await run(archive, stream)).toMatchObject({ lines: 2, sent: 2 });
    expect(await run(archive, stream, { key: `${key}-again` })).toMatchObject({ sent: 1, sentBefore: 2 });
    expect(ids(stream)).toEqual(['a', 'b', 'c']);
  });

  it('leaves events of the archive alone', async () => {
    const archive = createMemoryBucket();
    const place = { shardId, sequenceNumber: '771', arrivedAt: arrival, subSequenceNumber: 0 };
    const [reading] = readRecord(Buffer.from(good('counted')), arrival);
    await archive.put(key, archiveLine(reading!, place));

    expect(await run(archive, fakeStream())).toMatchObject({ lines: 0, sent: 0, left: {} });
  });

  it.each([
    ['aws/lambda/x', 'is repaired instead'],
    ['table/x', 'allowed: one below events/'],
    ['errors/processing-failed/x', '"recover backfill" brings it into the archive'],
    [`${key}-none`, 'there is no object'],
  ])('refuses the key %s', async (wrong, message) => {
    await expect(run(await bucketOf(), fakeStream(), { key: wrong })).rejects.toThrow(message);
  });
});
