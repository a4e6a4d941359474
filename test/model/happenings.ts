import { weightedPick } from '../../domain/numbers/random';
import { setBuckets } from './code-limits';
import { minuteMs } from './settings';
import { timePasses } from './time-passing';
import { mostBuckets } from './truth/view-check';
import type { World } from './world';

interface Happening {
  /** In a thousand steps. */
  readonly often: number;
  readonly happens: (world: World) => unknown;
}

/** What may happen between two calls of the table, or to a call itself: of its faults, see the scheduler. */
const happenings: readonly Happening[] = [
  { often: 100, happens: ({ stream, random, now }) => stream.put(random.pick(stream.open()), now()) },
  { often: 120, happens: ({ aggregator }) => aggregator.invoke() },
  { often: 40, happens: ({ compactor }) => compactor.invoke() },
  { often: 25, happens: ({ readers }) => readers.read() },
  { often: 15, happens: ({ scheduler }) => scheduler.lateCall() },
  { often: 15, happens: unlessCalm(({ aggregator }) => aggregator.loseInvocation()) },
  { often: 10, happens: unlessCalm(({ scheduler }) => scheduler.stopOne()) },
  { often: 5, happens: unlessCalm(({ aggregator }) => aggregator.createMappingAgain()) },
  { often: 5, happens: reshard },
  { often: 8, happens: timePasses },
  // More buckets: with fewer, a command would not look into all that there are.
  { often: 2.5, happens: () => setBuckets(mostBuckets) },
  { often: 4, happens: ({ restore }) => restore.takeSnapshot() },
  { often: 3.5, happens: restoreTable },
  { often: 10, happens: ({ table, random }) => table.expire(random) },
  { often: 15, happens: ({ recovery }) => recovery.repair() },
  { often: 2, happens: ({ recovery }) => recovery.rebuild() },
  { often: 620, happens: someCalls },
];

const pickHappening = weightedPick(happenings, ({ often }) => often)!;

/** One step of a schedule. */
export async function somethingHappens(world: World): Promise<void> {
  const { random, settings, scheduler, table, compactor, readers, now } = world;
  if (random.chance(0.2)) scheduler.now += random.below(random.chance(0.1) ? 10 * minuteMs : 12_000);
  if (compactor.isDueBefore(now())) {
    await scheduler.killAll();
    await compactor.compactEverything();
  }
  if (random.chance(0.05)) table.replicate();
  if (settings.focus === 'reading' && random.chance(0.12)) {
    await (random.chance(0.5) ? readers.read() : compactor.invoke());
  } else if (settings.focus === 'repairing' && random.chance(0.08)) await somethingToRepair(world);
  else await pickHappening(random).happens(world);
}

async function somethingToRepair(world: World): Promise<void> {
  const { random, aggregator, recovery, restore } = world;
  if (random.chance(0.4)) aggregator.loseInvocation();
  else if (random.chance(0.2)) await timePasses(world);
  else if (random.chance(0.1)) aggregator.createMappingAgain();
  else if (random.chance(0.25) && !restore.hasSnapshot) restore.takeSnapshot();
  else if (random.chance(0.25)) await restoreTable(world);
  else await recovery.repair();
}

function unlessCalm(happens: Happening['happens']): Happening['happens'] {
  return (world) => (world.settings.isCalm ? undefined : happens(world));
}

function reshard({ stream, journal }: World): void {
  if (stream.reshard()) journal.occurred.reshards++;
}

async function restoreTable({ random, recovery, restore }: World): Promise<void> {
  // Not everybody waits until the mapping has caught up.
  if ((await restore.restore()) && random.chance(0.5)) await recovery.repair();
}

async function someCalls({ random, scheduler }: World): Promise<void> {
  for (let calls = 1 + random.below(6); calls > 0; calls--) await scheduler.step();
}
