import fc from 'fast-check';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { backfill } from '../../recover/backfill/backfill';
import { backfillText } from '../../recover/result-texts';
import { clickJson } from '../support/click-factory';
import { arrival, shardRecords } from '../support/shard-records';
import { streamRecord } from '../support/stream-record-arbitrary';
import { hour, type LogBench, logBench, range } from './log-bench';

const clicks = (...pages: string[]): ShardRecord[] => shardRecords(pages.map((page) => clickJson({ page })));
const run = ({ ports }: LogBench, options = {}) => backfill({ range, dryRun: false, ...options }, ports);
const keysBelow = ({ archived }: LogBench, prefix: string) =>
  archived.archive.keys().filter((key) => key.startsWith(prefix));

/** The places of all lines of the archive, whatever object they are in. */
async function placesOf(bench: LogBench): Promise<string[]> {
  const places: string[] = [];
  for (const key of keysBelow(bench, 'events/')) {
    const text = (await bench.archived.archive.get(key))!.toString();
    for (const line of text.trimEnd().split('\n')) {
      const { shardId, sequenceNumber, subSequenceNumber } = JSON.parse(line);
      places.push(`${shardId} ${sequenceNumber} ${subSequenceNumber}`);
    }
  }
  return places.sort();
}

describe('recover backfill', () => {
  it('makes the archive what it would be if nothing had failed, and writes nothing the second time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(streamRecord, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        async (data, every) => {
          const records = shardRecords([...data, clickJson()]);
          const [bench, whole] = [logBench(records), logBench(records)];
          bench.archived.fails = ({ sequenceNumber }) => Number(sequenceNumber.slice(-3)) % every === 0;
          for (const one of [bench, whole]) await one.archived.archiveUpTo(records.length);
          await bench.deliver(records);
          const counted = await bench.counted();

          expect(await run(bench)).toMatchObject({ notYet: 0, left: [], forgottenBefore: undefined });
          expect(await placesOf(bench)).toEqual(await placesOf(whole));
          expect(keysBelow(bench, 'errors/')).toEqual([]);
          expect(await run(bench)).toMatchObject({ lines: 0, objects: 0, settled: [] });
          expect(await bench.counted()).toEqual(counted);
          bench.archived.forgetBefore(bench.clock.now - 1);
          expect(await bench.verify()).toMatchObject({ exact: true, failedObjects: 0, linesFromStream: 0 });
        },
      ),
      { numRuns: 25 },
    );
  });

  it('fills the gap of a delivery stream that was replaced, below the hours of the arrivals', async () => {
    const records = clicks('/a', '/b', '/c').map((record, index) => ({
      ...record,
      arrivedAt: arrival + index * hour,
    }));
    const bench = logBench(records);
    bench.clock.now = arrival + 4 * hour;
    await bench.archived.archiveUpTo(3);
    for (const key of keysBelow(bench, 'events/')) bench.archived.archive.objects.delete(key);

    expect(await run(bench)).toMatchObject({ lines: 3, objects: 3 });
    expect(keysBelow(bench, 'events/')).toEqual(
      records.map(
        ({ sequenceNumber }, index) =>
          `events/year=2026/month=03/day=01/hour=${10 + index}/backfill-shardId-000000000000-${sequenceNumber}-0.gz`,
      ),
    );
  });

  it('only says what it would do, in a dry run', async () => {
    const bench = logBench(clicks('/a', '/b'));
    bench.archived.fails = () => true;
    await bench.archived.archiveUpTo(2);
    const before = bench.archived.archive.keys();
    const result = await run(bench, { dryRun: true });

    expect(result).toMatchObject({ lines: 2, objects: 1, settled: before });
    expect(bench.archived.archive.keys()).toEqual(before);
    expect(backfillText(result, true)).toContain('2 lines would be written, into 1 object\n');
  });

  it('leaves what the delivery stream may still come to', async () => {
    const bench = logBench(clicks('/a', '/b', '/c'));
    await bench.archived.archiveUpTo(1);
    const result = await run(bench);

    expect(result).toMatchObject({ lines: 0, notYet: 2 });
    expect(backfillText(result, false)).toContain('not yet: the delivery stream may still come to 2 records');
  });

  it('says what the stream has forgotten, and leaves its error object', async () => {
    const records = clicks('/a', '/b');
    const bench = logBench(records);
    bench.archived.fails = () => true;
    await bench.archived.archiveUpTo(2);
    bench.archived.forgetBefore(records[1]!.arrivedAt);
    const [key] = keysBelow(bench, 'errors/');
    const result = await run(bench);

    expect(result).toMatchObject({ lines: 1, settled: [], left: [{ key, records: 1 }] });
    expect(backfillText(result, false)).toContain(
      'the stream has forgotten what arrived before 2026-03-01T10:00:01.000Z\n' +
        `left: ${key}: 1 record that the stream does not hold in this range\n`,
    );
    expect(keysBelow(bench, 'errors/')).toEqual([key]);
  });

  it('misses nothing of the time before the stream was made', async () => {
    const bench = logBench(clicks('/a'));
    await bench.archived.archiveUpTo(1);
    const { stream } = bench.ports;
    const describe = async () => ({ retentionMs: hour, createdAt: bench.clock.now - hour / 2 });
    const ports = { ...bench.ports, stream: { ...stream, describe } };
    const from = bench.clock.now - 2 * hour;

    expect(await backfill({ range: { ...range, from }, dryRun: false }, ports)).toMatchObject({
      forgottenBefore: undefined,
    });
  });

  it('goes on where it was killed', async () => {
    const records = clicks('/a', '/b', '/c').map((record, index) => ({
      ...record,
      arrivedAt: arrival + index * hour,
    }));
    for (let puts = 0; puts < 3; puts++) {
      const bench = logBench(records);
      bench.clock.now = arrival + 4 * hour;
      bench.archived.fails = () => true;
      await bench.archived.archiveUpTo(3);
      const { archive } = bench.archived;
      let left = puts;
      const putGzip: typeof archive.putGzip = async (...args) => {
        if (left-- === 0) throw new Error('killed');
        return archive.putGzip(...args);
      };
      await expect(
        backfill({ range, dryRun: false }, { ...bench.ports, archive: { ...archive, putGzip } }),
      ).rejects.toThrow('killed');

      expect(await run(bench)).toMatchObject({ lines: 3 - puts, left: [] });
      expect(await placesOf(bench)).toHaveLength(3);
    }
  });
});
