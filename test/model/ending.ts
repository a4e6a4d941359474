import { readView } from '../../table/view';
import type { Caller } from './deployment/process';
import { dayMs, hourMs, retentionDays } from './settings';
import { expectFold } from './truth/fold-check';
import { Violation } from './truth/log-truth';
import { allQueries, expectView } from './truth/view-check';
import type { World } from './world';

/**
 * From here on nothing fails. What is left in the stream is counted, and the logs have the fold of what was not given up;
 * once that is repaired and rebuilt, of all events.
 *
 * @throws Violation if they do not
 */
export async function finish(world: World): Promise<void> {
  const { random, scheduler, onFailure, journal, aggregator, compactor, recovery } = world;
  await scheduler.killAll(({ plan }) => plan.isReader || random.chance(0.5));
  await scheduler.endLateCalls();
  await scheduler.runOut();
  journal.throwReported();
  journal.note(() => 'nothing fails any more');
  await aggregator.drain();
  expectCountedOrGivenUp(world);
  await expectFolds(world, 'of what the logs have');
  await recovery.repairEverything();
  if (onFailure.notRepaired().length > 0 || journal.occurred.corrected > 0) {
    // A day from now nothing is left in between that neither a repair nor a rebuild decides about.
    await compactor.compactEverything();
    scheduler.now += dayMs + hourMs;
    await recovery.rebuildEverything();
  }
  await compactor.compactEverything();
  await expectFolds(world, 'of all events');
}

function expectCountedOrGivenUp({ stream, truth, onFailure }: World): void {
  for (const shard of stream.shards.values()) {
    for (const event of shard.events) {
      if (truth.isCounted(shard.name, event) || onFailure.hold(shard, event)) continue;
      throw new Violation(`${shard.name}: event ${event.ordinal} is counted nowhere, and was not given up`);
    }
  }
}

/** Everything is read at once: it is the fold of the events, in the order of the stream. */
async function expectFolds(world: World, what: 'of what the logs have' | 'of all events'): Promise<void> {
  const { settings, scheduler, stream, table, truth, journal, now } = world;
  const queries = allQueries(settings);
  const caller: Caller = { process: undefined };
  const ports = { table: table.of(caller), now, retentionDays };
  const view = await scheduler.alone((process) => {
    caller.process = process;
    return readView(queries, ports);
  });
  expectView(view, queries, truth, truth.tails(), now(), false);
  for (const item of view.items) {
    for (const { other } of item.content.counts.values()) if (other > 0) journal.occurred.withoutRoom++;
  }
  // A correction puts right what an append could not know; until the last one the logs need not be right by themselves.
  if (what === 'of what the logs have' && journal.occurred.corrected > 0) return;
  for (const shard of stream.shards.values()) {
    const events = shard.events.filter(
      (event) => what === 'of all events' || truth.isCounted(shard.name, event),
    );
    const items = view.items.filter(({ shardKey }) => shardKey === shard.name);
    expectFold(items, shard, events, truth, settings, now());
  }
}
