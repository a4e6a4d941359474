import { fold } from '../../domain/fold';
import { emptySketch, estimate, type Sketch, touch } from '../../domain/sketch';
import { decodeSketch, encodeSketch } from '../../domain/sketch-bytes';
import { UniqueFold, type UniqueRun } from '../../domain/unique-fold';
import { sketchAttribute, UniqueAttributes } from '../../domain/unique-item';
import { uniquesFor } from '../../domain/uniques';
import { addTo, cutAt200Bytes, iso } from './reference';
import type { ModelRecord, ModelShard } from './stream';
import { retentionDays } from './subjects';
import type { PlainItem } from './table-contents';

/** What each item with sketches has to take from records of a shard, all of them at once. */
export function uniqueRuns(shard: string, records: readonly ModelRecord[]): readonly UniqueRun[] {
  const uniqueFold = new UniqueFold(shard, uniquesFor('page'));
  fold(shard, records, undefined, uniqueFold.add);
  return uniqueFold.runs();
}

/** The sketches of an item by attribute; values beyond the first few, in the order of the shard, share one. */
export function sketchesOf(
  { precision, touches }: UniqueRun,
  maxSketches: number,
): ReadonlyMap<string, Sketch> {
  const sketches = new Map<string, Sketch>();
  for (const [place, [value, touched]] of [...touches].entries()) {
    const attribute = place < maxSketches ? sketchAttribute(value) : UniqueAttributes.other;
    const sketch = sketches.get(attribute) ?? emptySketch(precision);
    sketches.set(attribute, sketch);
    for (const one of touched) touch(sketch, one);
  }
  return sketches;
}

/** The item as it is once it has taken a run that is all there is. */
export function sketchItemOf(run: UniqueRun, maxSketches: number): PlainItem {
  const lastDay = Math.ceil(run.lastArrivedAt / 86_400_000);
  return {
    ...run.key,
    expiresAt: String((lastDay + retentionDays.hour) * 86_400),
    ...Object.fromEntries(
      [...sketchesOf(run, maxSketches)].map(([attribute, sketch]) => [
        attribute,
        Buffer.from(encodeSketch(sketch)).toString('hex'),
      ]),
    ),
  };
}

/** Distinct visitors and sessions by `name-scope window start shard value`, from what the lines were made to be. */
export function naiveDistinct(shards: readonly ModelShard[]): Map<string, number> {
  const distinct = new Map<string, Set<string>>();
  const add = (key: string, id: string): void => {
    distinct.set(key, (distinct.get(key) ?? new Set()).add(id));
  };
  for (const { name: shard, records } of shards) {
    for (const truth of records.flatMap(({ lines }) => lines)) {
      if (!truth.ok) continue;
      const hour = `hour ${iso(truth.at, 13)}:00:00Z`;
      const day = `day ${iso(truth.at, 10)}T00:00:00Z`;
      const page = cutAt200Bytes(truth.counted.page!).value;
      for (const window of [hour, day]) {
        add(`unique-visitors-total ${window} ${shard} all`, truth.visitor);
        if (truth.session !== undefined) add(`unique-sessions-total ${window} ${shard} all`, truth.session);
      }
      add(`unique-visitors-page ${hour} ${shard} ${page}`, truth.visitor);
    }
  }
  return new Map([...distinct].map(([key, ids]) => [key, ids.size]));
}

/** The same, as the sketches of items say it: exact after rounding, since they have far more registers than ids. */
export function distinctIn(items: Iterable<PlainItem>): Map<string, number> {
  const distinct = new Map<string, number>();
  for (const item of items) {
    const [counted] = item.pk!.split('#');
    const [window, start, shard] = item.sk!.split('#');
    for (const [attribute, hex] of Object.entries(item)) {
      if (!attribute.startsWith('s:')) continue;
      const count = Math.round(estimate(decodeSketch(Buffer.from(hex, 'hex'))));
      addTo(distinct, `${counted} ${window} ${start} ${shard} ${attribute.slice(2)}`, count);
    }
  }
  return distinct;
}
