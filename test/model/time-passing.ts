import { dayMs, hourMs, minuteMs } from './settings';
import type { World } from './world';

/** Time passes in which nobody does anything; a reader that follows the log may sleep through it. */
export async function timePasses(world: World): Promise<void> {
  const { random, scheduler, table, journal, aggregator, compactor, readers, restore, now } = world;
  journal.occurred.jumps++;
  const by = someTime(world);
  await scheduler.killAll((process) => readers.isAsleep(process) && random.chance(0.8));
  await scheduler.endLateCalls();
  journal.throwReported();
  // A function that is down for longer than the stream keeps records loses them; that is not what is looked for here.
  if (by > 6 * hourMs) await aggregator.drain();
  if (compactor.isDueBefore(now() + by) || random.chance(0.5)) await compactor.compactEverything();
  if (by > dayMs) restore.forgetSnapshot();
  scheduler.now += by;
  journal.note(() => `${Math.round(by / minuteMs)} minutes later`);
  await table.expire(random);
  if (random.chance(0.4)) await compactor.compactEverything();
}

/** In milliseconds: hours or days, or up to about where some delta expires, or a repair counts it as gone. */
function someTime({ random, table, now }: World): number {
  const by = random.chance(0.6) ? 20 * minuteMs + random.below(2 * hourMs) : random.below(9 * dayMs);
  const deltas = table.items().filter(({ pk }) => pk!.S!.startsWith('log#'));
  if (deltas.length === 0 || !random.chance(0.5)) return by;
  const expiresAt = Number(random.pick(deltas).expiresAt!.N) * 1000;
  const near = expiresAt - now() + random.below(4 * hourMs) - 2 * hourMs - (random.chance(0.5) ? dayMs : 0);
  return near > hourMs ? near : by;
}
