import { createShardDirectory } from '../../../../producer/client/shards/shard-directory';
import type { ShardMap } from '../../../../producer/client/shards/shard-map';
import { createVirtualClock } from '../../../support/virtual-clock';

const whole = { firstHash: '0'.repeat(32), lastHash: 'f'.repeat(32) };

function setUp(lists: readonly (string | Error)[], readMs = 0) {
  const clock = createVirtualClock();
  const changes: ShardMap[] = [];
  let reads = 0;
  const directory = createShardDirectory({
    clock,
    async list() {
      const next = lists[Math.min(reads++, lists.length - 1)]!;
      if (readMs > 0) await clock.sleep(readMs);
      if (next instanceof Error) throw next;
      return [{ id: next, ...whole }];
    },
    changed: (map) => changes.push(map),
  });
  return { clock, directory, changes, reads: () => reads };
}

describe('the shard directory', () => {
  it('tells a change once', async () => {
    const { clock, directory, changes } = setUp(['shard-a', 'shard-a', 'shard-b']);
    await directory.refresh();
    await directory.refresh();
    await clock.advance(1000);
    await directory.refresh();

    expect(changes.map(({ shards }) => shards[0]!.id)).toEqual(['shard-a', 'shard-b']);
    expect(directory.has('shard-a')).toBe(false);
    expect(directory.has('shard-b')).toBe(true);
  });

  it('rests for a second after a list that brought nothing new', async () => {
    const { clock, directory, reads } = setUp(['shard-a']);
    for (let asked = 0; asked < 5; asked++) await directory.refresh();
    expect(reads()).toBe(2);
    await clock.advance(999);
    await directory.refresh();
    expect(reads()).toBe(2);
    await clock.advance(1);
    await directory.refresh();
    expect(reads()).toBe(3);
  });

  it('reads again for who saw something after a read had begun', async () => {
    const { clock, directory, reads } = setUp(['shard-a', 'shard-b'], 10);
    const first = directory.refresh();
    await clock.advance(5);
    await clock.until(Promise.all([first, directory.refresh(), directory.refresh()]));

    expect(reads()).toBe(2);
    expect(directory.has('shard-b')).toBe(true);
  });

  it('reads an old list again after a minute', async () => {
    const { clock, directory, reads } = setUp(['shard-a']);
    await directory.refreshIfOld();
    await clock.advance(59_999);
    await directory.refreshIfOld();
    expect(reads()).toBe(1);
    await clock.advance(1);
    await directory.refreshIfOld();
    expect(reads()).toBe(2);
  });

  it('keeps the map that it has when a list cannot be read', async () => {
    const { clock, directory } = setUp(['shard-a', new Error('denied'), 'shard-a']);
    await directory.refresh();
    await directory.refresh();
    expect(directory.error()?.message).toBe('denied');
    expect(directory.has('shard-a')).toBe(true);
    await clock.advance(1000);
    await directory.refresh();
    expect(directory.error()).toBeUndefined();
  });
});
