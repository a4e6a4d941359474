import { tooOldText, uncountedText } from '../../recover/failure-texts';
import { readUncounted } from '../../recover/uncounted';
import { clickJson } from '../support/click-factory';
import { arrival, shardRecords } from '../support/shard-records';
import { logBench } from './log-bench';

const records = () => shardRecords(['/a', '/b', '/c'].map((page) => clickJson({ page })));
const shardId = 'shardId-000000000000';

describe('What is still to be counted', () => {
  it('begins behind what the log has, and is due by the maximum age', async () => {
    const all = records();
    const bench = logBench(all);
    await bench.deliver(all.slice(0, 2));
    const uncounted = await readUncounted(bench.ports);

    expect(uncounted).toEqual([{ shardId, arrivedAt: arrival + 2_000, dueBy: arrival + 2_000 + 7_200_000 }]);
    expect(uncountedText(uncounted)).toBe(
      'not yet counted: records of 1 shard, the first of which arrived 2026-03-01T10:00:02.000Z; ' +
        'they are counted, or given up, by 2026-03-01T12:00:02.000Z at the latest\n',
    );
    expect(tooOldText(uncounted)).toContain(
      `WARNING: ${shardId}: what is to be counted next arrived 2026-03-01T10:00:02.000Z`,
    );
  });

  it('begins with the stream where nothing is counted', async () => {
    expect(await readUncounted(logBench(records()).ports)).toMatchObject([{ arrivedAt: arrival }]);
  });

  it('is nothing where all is counted', async () => {
    const all = records();
    const bench = logBench(all);
    await bench.deliver(all);
    await bench.compact();
    const uncounted = await readUncounted(bench.ports);

    expect(uncounted).toEqual([]);
    expect(uncountedText(uncounted)).toBe('');
  });
});
