import { pathOfPage } from '../../cost/table/popular-pages';
import { sequenceNumberOf, simulatedShard } from '../../cost/table/simulated-shard';
import { readPartitionKey } from '../../domain/counter-item';
import { fnv1a } from '../../domain/counters/bucket';
import { lateAfterMs } from '../../domain/event/click-event';
import { positionOf } from '../../domain/event/position';
import { type Entry, fold } from '../../domain/fold';
import { seededRandom, weightedPick } from '../../domain/numbers/random';
import { createClickGenerator } from '../../producer/traffic/click-generator';
import { defaultSite } from '../../producer/traffic/default-site';

/** A value of one dimension, as some event counts it. */
export interface CountedValue {
  readonly dimension: string;
  readonly value: string;
  /** Of the value, as it chooses the bucket. */
  readonly hash: number;
  /** Tells values apart, from 0 on. */
  readonly index: number;
  /** What the product's fold makes of one event that counts it; all have the same position, which is as long as any. */
  readonly entry: Entry;
}

/** What a click counts under. */
export interface CountedClick {
  readonly page: readonly CountedValue[];
  /** Its page among them. */
  readonly all: readonly CountedValue[];
}

export interface ClickSource {
  next(): CountedClick;
  /** The next one comes late. */
  nextLate(): CountedClick;
  /** All that there are so far, by their index. */
  values(): readonly CountedValue[];
  /** Mean, of the JSON of an event. */
  readonly recordBytes: number;
}

const arrivedAt = Date.UTC(2026, 0, 1, 12);
const readEvents = 2_000;

const sequenceNumber = sequenceNumberOf(0);

/** Where all events are said to stand; any other place takes as many bytes. */
export const aPlace = { position: positionOf(sequenceNumber, 0), arrivedAt } as const;

/** Reads events with the product's own `fold`, and gives a value that it has read before the same object. */
export function valueReader() {
  const values: CountedValue[] = [];
  const byName = new Map<string, CountedValue>();
  const valueNamed = (dimension: string, entry: Entry): CountedValue => {
    const { value } = entry;
    const id = `${dimension}#${value}`;
    const known = byName.get(id);
    if (known) return known;
    const made = { dimension, value, hash: fnv1a(value), index: values.length, entry };
    values.push(made);
    byName.set(id, made);
    return made;
  };
  return {
    values,
    valueNamed,
    /** What an event counts under, in the order of dimensions. */
    read(event: object): readonly CountedValue[] {
      const record = { sequenceNumber, data: Buffer.from(JSON.stringify(event)), arrivedAt };
      return fold(simulatedShard, [record])
        .runs.filter(({ window }) => window === 'minute')
        .map(({ key, entries }) => valueNamed(readPartitionKey(key).dimension, entries[0]!));
    },
  };
}

/**
 * Clicks of the default site; their pages are drawn anew for each, with popularity falling as 1/rank. So an hour of
 * millions has the pages that it would have, though only some thousands were read.
 *
 * @param pageBytes how long a page's path is; without it as long as `pathOfPage` has it
 */
export function clickSource(pages: number, seed: string, pageBytes?: number): ClickSource {
  const random = seededRandom(seed);
  const { read, valueNamed, values } = valueReader();
  const clicks = createClickGenerator(seededRandom('clicks'), defaultSite);
  const events = Array.from({ length: readEvents }, () => clicks.next(arrivedAt));
  const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event)), 0);
  const readings = events.map((event) => read(event).filter(({ dimension }) => dimension !== 'page'));
  const [{ entry: aPage }, late] = ['page', 'late'].map((dimension) =>
    read({ ...events[0]!, timestamp: new Date(arrivedAt - 2 * lateAfterMs).toISOString() }).find(
      (value) => value.dimension === dimension,
    ),
  ) as [CountedValue, CountedValue];
  const ranks = Array.from({ length: pages }, (_, index) => index + 1);
  const pickRank = weightedPick(ranks, (rank) => 1 / rank)!;
  const pageValues: (CountedValue | undefined)[] = [];
  const click = (others: readonly CountedValue[]): CountedClick => {
    const rank = pickRank(random);
    pageValues[rank] ??= valueNamed('page', { ...aPage, value: pagePath(rank, pageBytes) });
    const page = pageValues[rank];
    return { page: [page], all: [page, ...others] };
  };
  return {
    next: () => click(random.pick(readings)),
    nextLate: () => click([...random.pick(readings), late]),
    values: () => values,
    recordBytes: Math.round(bytes / readEvents),
  };
}

function pagePath(rank: number, bytes: number | undefined): string {
  const short = pathOfPage(rank);
  return bytes === undefined
    ? short
    : short.replace(/\d+$/, '').padEnd(bytes - String(rank).length, '0') + rank;
}
