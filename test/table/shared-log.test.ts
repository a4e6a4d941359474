import { logTable } from '../../table/log-table';
import { LogGapError } from '../../table/pending-log';
import { sharedLog } from '../../table/shared-log';
import { createFollower } from '../../table/view';
import { clickJson } from '../support/click-factory';
import { countedCalls } from '../support/intercepted-calls';
import { createLogBench, daySums, everyWindow, viewed } from '../support/log-bench';
import { shardKey, shardRecords } from '../support/shard-records';

const batch = (number: number) => shardRecords([clickJson({ page: `/${number}` })], number);

async function followed() {
  const bench = createLogBench();
  const { calls, made } = countedCalls(bench.dynamo);
  const table = logTable(calls, 'aggregates');
  const appender = bench.appender();
  let batches = 0;
  const append = () => bench.append(appender, batch(batches++));
  await append();
  const follower = () => createFollower(everyWindow, { table, now: () => bench.clock.now });
  return { bench, table, made, append, follower };
}

describe('a log that followers share', () => {
  it('is read once for all who stand at one place, new deltas or none', async () => {
    const { bench, table, made, append, follower } = await followed();
    const followers = [follower(), follower(), follower()];
    for (const one of followers) await one.refresh();
    for (const appended of [1, 0, 2]) {
      for (let i = 0; i < appended; i++) await append();
      made.length = 0;
      const log = sharedLog(table);
      for (const one of followers)
        expect(viewed(await one.refresh(undefined, log))).toEqual(viewed(await bench.view()));
      // The entries, and the log.
      expect(made).toEqual(['query', 'query']);
    }
  });

  it.each([
    ['behind, middle, ahead', [0, 1, 2]],
    ['ahead, behind, middle', [2, 0, 1]],
  ])('gives each follower what it lacks, whoever asks first: %s', async (_name, order) => {
    const { bench, table, made, append, follower } = await followed();
    const followers = [follower(), follower(), follower()];
    for (const one of followers) {
      await one.refresh();
      await append();
    }
    made.length = 0;
    const log = sharedLog(table);
    for (const index of order) {
      const view = await followers[index]!.refresh(undefined, log);
      expect(daySums(view)).toEqual(daySums(await bench.view()));
    }
    // The entries, and the log where the first one's does not suffice: nobody began anew.
    expect(made.length).toBeLessThanOrEqual(4);
  });

  it('is not read before what is behind the end of another', async () => {
    const { table, append, follower } = await followed();
    const [one, other] = [follower(), follower()];
    for (const each of [one, other]) await each.refresh();
    const log = sharedLog(table);
    await one.refresh(undefined, log);
    await append();
    // At the same moment, they see the same.
    expect(daySums(await other.refresh(undefined, log))).toMatchObject({ 'total:all': 1 });
    expect(daySums(await other.refresh(undefined, sharedLog(table)))).toMatchObject({ 'total:all': 2 });
  });

  it('does not hide a gap', async () => {
    const { bench, table, append, follower } = await followed();
    const one = follower();
    await one.refresh();
    await append();
    await append();
    const lost = bench.dynamo.items().filter(({ pk }) => pk?.S === `log#${shardKey}`)[1]!;
    bench.dynamo.restore(bench.dynamo.items().filter((item) => item !== lost));
    await expect(one.refresh(undefined, sharedLog(table))).rejects.toThrow(LogGapError);
  });
});
