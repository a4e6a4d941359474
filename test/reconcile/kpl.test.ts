import { eventIndex } from '../../domain/event/position';
import { uniquesFor } from '../../domain/visitors/uniques';
import { streamSource } from '../../local/agreement';
import { compareContents } from '../../reconcile/agreement';
import { type ArchiveContents, readArchiveContents } from '../../reconcile/archive-contents';
import { readStreamContents, type StreamContents } from '../../reconcile/stream-contents';
import { clickJson } from '../support/click-factory';
import { createFakeStream } from '../support/fake-stream-reader';
import { kplAggregate } from '../support/kpl-encoder';
import { createVirtualClock } from '../support/virtual-clock';

const shardId = 'shardId-000000000000';
const errorPrefix = 'errors/';
const timestamp = '2026-03-01T09:59:30.000Z';

/** A stream with a KPL aggregate of a click, a packed record with a bad line, and a bad record. */
async function streamWithAggregate() {
  const clock = createVirtualClock();
  const stream = createFakeStream({ clock, shardIds: [shardId] });
  const arrivedAt = Date.parse('2026-03-01T10:00:00.000Z');
  const packed = `${clickJson({ timestamp })}\noops`;
  const { sequenceNumber } = stream.put(
    shardId,
    kplAggregate([clickJson({ timestamp }), packed, 'no json']),
    { arrivedAt },
  );
  const line = (subSequenceNumber: number) => ({
    page: '/',
    arrivedAt: new Date(arrivedAt).toISOString(),
    ...{ shardId, sequenceNumber, subSequenceNumber },
  });
  const rejected = { rawData: Buffer.from('no json').toString('base64'), arrivalTimestamp: arrivedAt };
  return {
    contents: await readStreamContents('clicks', streamSource(stream.reader), {
      deduplicationSeconds: 0,
      minutesForDays: 7,
      uniques: uniquesFor('page'),
    }),
    line,
    rejected,
  };
}

async function archiveOf(lines: readonly object[], errors: readonly object[]): Promise<ArchiveContents> {
  const body = (documents: readonly object[]) =>
    Buffer.from(documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
  async function* objects() {
    yield { key: 'events/1', body: body(lines) };
    yield { key: `${errorPrefix}1`, body: body(errors) };
  }
  return readArchiveContents(objects(), errorPrefix);
}

function differences(stream: StreamContents, archive: ArchiveContents): readonly string[] {
  const table = [...stream.items.values()].map(({ shardKey, address, item }) => ({
    ...address,
    ...item,
    shardKey,
  }));
  return compareContents(stream, table, archive, 0).differences;
}

describe('An aggregate agrees with the archive', () => {
  const second = eventIndex(1, 0);

  it('if each of its records is there, its lines by their places or itself under the error prefix', async () => {
    const { contents, line, rejected } = await streamWithAggregate();
    const archive = await archiveOf([line(0), line(second), line(second + 1)], [rejected]);
    expect(contents.accepted).toBe(4);
    expect(differences(contents, archive)).toEqual([]);
  });

  it('not if a line of one of its records is missing', async () => {
    const { contents, line, rejected } = await streamWithAggregate();
    const archive = await archiveOf([line(0), line(second)], [rejected]);
    expect(differences(contents, archive)).toEqual([expect.stringContaining('is not in the archive')]);
  });

  it('not if one of its records is missing as a whole', async () => {
    const { contents, line, rejected } = await streamWithAggregate();
    const lines = [line(second), line(second + 1)];
    expect(differences(contents, await archiveOf(lines, [rejected]))).toEqual([
      expect.stringMatching(/^the record of line .* is in no object$/),
    ]);
    expect(differences(contents, await archiveOf([line(0), ...lines], []))).toEqual([
      expect.stringMatching(/^the record of line .* is in no object$/),
    ]);
  });

  it('not if its lines are numbered through, as if it had never been unpacked', async () => {
    const { contents, line, rejected } = await streamWithAggregate();
    const archive = await archiveOf([line(0), line(1), line(2)], [rejected]);
    expect(differences(contents, archive).length).toBeGreaterThan(0);
  });
});
