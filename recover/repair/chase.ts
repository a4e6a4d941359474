import { forEachConcurrently } from '../../domain/concurrency';
import { type CounterKey, itemId } from '../../domain/counter-item';
import { duplicateFilter } from '../../domain/duplicates';
import type { ShardBatch } from '../../lambda/aggregator/kinesis-event';
import { arrivalSlackMs } from '../history/history';
import { endOfRecord, endOfStream, linesOfRecords, shardIdOf } from '../history/shard-line';
import type { ReadFrom } from '../history/stream-port';
import { Recount } from '../recompute';
import { changeOf } from './change';
import { concurrentWrites, type ItemOutcome, makeChange, outcomeOf } from './make-changes';
import { name, type RepairPlan, type RepairPorts } from './plan';
import { findTooMuch } from './too-much';

/** A live writer that comes in between each time has to be very fast to do so that often. */
const mostRounds = 20;

/**
 * Puts items right that a live writer goes on writing. They are counted up to the end of the stream, and only then read
 * and written: the writer finds written what it has not written yet, and goes on behind it.
 *
 * @param keys of items of the plan
 * @returns why some were left; empty if none was
 */
export async function chase(
  keys: readonly CounterKey[],
  batch: ShardBatch,
  { history, floors }: Extract<RepairPlan, { readonly kind: 'planned' }>,
  ports: RepairPorts,
  onDone: (key: CounterKey, outcome: ItemOutcome) => void,
): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const { shard } = batch;
  const { settings, stream, table, now } = ports;
  const shardId = shardIdOf(shard);
  const wanted = new Set(keys.map(itemId));
  const recount = new Recount(
    shard,
    (key) => (wanted.has(itemId(key)) ? endOfStream.position : undefined),
    duplicateFilter(settings.deduplicationSeconds),
  );
  // Near its end the history may lack lines, since it was cut by arrival; the stream has those.
  const known = history.lines(shardId);
  const sure = known.findLastIndex(({ arrivedAt }) => arrivedAt <= history.arrivals.to - 2 * arrivalSlackMs);
  const last = known[sure];
  const lines = known.filter(({ sequenceNumber }, i) => i <= sure || sequenceNumber === last?.sequenceNumber);
  recount.add(lines);
  let from: ReadFrom = last
    ? { after: last.sequenceNumber }
    : { arrivedAt: history.arrivals.from - arrivalSlackMs };

  let rest = keys;
  const lost = new Set<string>();
  const tooMuch = findTooMuch(batch, ports);
  for (let round = 1; rest.length > 0 && lost.size === 0; round++) {
    for await (const records of stream.read(shardId, from)) {
      const more = linesOfRecords(records);
      recount.add(more);
      for (const line of more) lines.push(line);
      from = { after: records.at(-1)!.sequenceNumber };
    }
    const reached = 'after' in from ? endOfRecord(from.after) : '';
    const movedOn: CounterKey[] = [];
    await forEachConcurrently(rest, concurrentWrites, async (key) => {
      const id = itemId(key);
      const held = await table.read(key);
      const counted = recount.items.get(id);
      if (held && held.position > reached) {
        movedOn.push(key);
        return;
      }
      const compared = held ? [{ key, held, wanted: counted }] : [];
      if ((await tooMuch(compared, lines)).length > 0) {
        lost.add(`${name(key)} counts more than archive, error prefix and stream hold`);
        return;
      }
      const change = changeOf(held, counted, settings, now(), floors.get(id));
      if (await makeChange({ key, held: held?.position, change }, table)) onDone(key, outcomeOf[change.kind]);
      else movedOn.push(key);
    });
    rest = movedOn;
    if (round === mostRounds && rest.length > 0) {
      lost.add(
        `${rest.length} items were written by the aggregator each time; run again when there is less traffic`,
      );
    }
  }
  return [...lost];
}
