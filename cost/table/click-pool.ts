import { createClickGenerator } from '../../domain/click-generator';
import { counterValue } from '../../domain/counter-value';
import { defaultSite } from '../../domain/default-site';
import { type ClickObserver, type Entry, fold, type ShardRecord } from '../../domain/fold';
import { fnv1a } from '../../domain/hash';
import { type Hash64, hash64 } from '../../domain/hash64';
import { seededRandom } from '../../domain/random';
import type { SiteModel } from '../../domain/site-model';
import { sketchAttribute } from '../../domain/unique-item';
import { type Unique, type UniqueWindow, uniques } from '../../domain/uniques';
import type { WindowSize } from '../../domain/window';
import { popularPages } from './popular-pages';

/** Items of counters that differ in the time of their window only. */
export interface CounterKind {
  readonly partitionKey: string;
  readonly window: WindowSize;
}

/** The same of items with sketches. */
export interface UniqueKind {
  readonly unique: Unique;
  readonly bucket: number;
  readonly window: UniqueWindow;
}

/** A click, read and taken apart: what it tells each item. Kinds are indexes into the pool's. */
export interface PooledClick {
  readonly counted: readonly { readonly kind: number; readonly entry: Entry }[];
  /** `sketch` is an index into the pool's, which tells values of a kind apart without comparing texts. */
  readonly unique: readonly { readonly kind: number; readonly sketch: number; readonly hash: Hash64 }[];
  readonly eventId: Hash64;
}

export interface ClickPool {
  readonly counterKinds: readonly CounterKind[];
  readonly uniqueKinds: readonly UniqueKind[];
  /** Attributes of sketches. */
  readonly sketches: readonly string[];
  /** Clicks that come as they happen. */
  readonly onTime: readonly PooledClick[];
  /** Clicks that come too late. */
  readonly late: readonly PooledClick[];
}

const eventsPerPage = 20;
const leastEvents = 5_000;
const mostEvents = 200_000;
const lateEvents = 2_000;
const arrivedAt = Date.UTC(2026, 0, 1, 12);
const lateByMs = 2 * 3_600_000;

/** As long as one that CloudFormation names. */
export const simulatedShard = 'clickstream-prod-stream-ClickStream5F03EC02-a1B2c3D4e5F6/shardId-000000000000';

const pools = new Map<number, ClickPool>();

/**
 * Generated clicks of a site with so many pages, read by the product's own `fold`. Made once for each number of pages,
 * since reading is what takes the time.
 */
export function clickPool(pages: number): ClickPool {
  const known = pools.get(pages);
  if (known) return known;
  const records = clickRecords(pages);
  const kinds = createKinds();
  const pool = {
    counterKinds: kinds.counters,
    uniqueKinds: kinds.uniques,
    sketches: kinds.sketches,
    onTime: takenApart(records(arrivedAt), kinds),
    late: takenApart(records(arrivedAt - lateByMs).slice(0, lateEvents), kinds),
  };
  pools.set(pages, pool);
  return pool;
}

/** The pool's clicks as they are sent, all said to have happened at the time that is asked for. */
export function clickRecords(pages: number): (happenedAt: number) => ShardRecord[] {
  const count = Math.min(mostEvents, Math.max(leastEvents, eventsPerPage * pages));
  return (happenedAt) => {
    const clicks = createClickGenerator(seededRandom(`cost of ${pages} pages`), busySite(pages));
    return Array.from({ length: count }, (_, index) => ({
      sequenceNumber: String(firstSequenceNumber + BigInt(index)),
      data: Buffer.from(JSON.stringify(clicks.next(happenedAt))),
      arrivedAt,
    }));
  };
}

// 56 digits, as those of Kinesis.
const firstSequenceNumber = 49590338271490256608559692538361571095921575989136588898n;

/** The default site with as many pages as asked for, and some more visitors. */
function busySite(pages: number): SiteModel {
  return {
    ...defaultSite,
    sessions: { ...defaultSite.sessions, atOnce: 200 },
    pages: popularPages(pages),
  };
}

interface Kinds {
  readonly counters: CounterKind[];
  readonly uniques: UniqueKind[];
  readonly sketches: string[];
  readonly sketchOf: Map<string, number>;
}

function createKinds(): Kinds {
  const each = uniques.flatMap((unique) =>
    unique.windows.flatMap((window) =>
      Array.from({ length: unique.buckets }, (_, bucket) => ({ unique, bucket, window })),
    ),
  );
  return { counters: [], uniques: each, sketches: [], sketchOf: new Map() };
}

/** What each record says; kinds of counters that are new are added. */
function takenApart(records: readonly ShardRecord[], kinds: Kinds): PooledClick[] {
  const indexes = new Map(records.map(({ sequenceNumber }, index) => [sequenceNumber, index]));
  const clicks = records.map(() => ({
    counted: [] as { kind: number; entry: Entry }[],
    unique: [] as { kind: number; sketch: number; hash: Hash64 }[],
    eventId: hash64(''),
  }));
  const observe: ClickObserver = (event, { sequenceNumber }) => {
    const click = clicks[indexes.get(sequenceNumber)!]!;
    click.eventId = event.hash('eventId')!;
    for (const unique of uniques) {
      const hash = event.hash(unique.id);
      if (!hash) continue;
      const { value } = counterValue(unique.valueOf(event));
      const bucket = unique.buckets === 1 ? 0 : fnv1a(value) % unique.buckets;
      for (const [kind, of] of kinds.uniques.entries()) {
        if (of.unique !== unique || of.bucket !== bucket) continue;
        click.unique.push({ kind, sketch: sketchFor(kind, value, kinds), hash });
      }
    }
  };
  for (const { key, window, entries } of fold(simulatedShard, records, undefined, observe).runs) {
    const kind = counterKind(key.pk, window, kinds.counters);
    for (const entry of entries) clicks[indexes.get(entry.sequenceNumber)!]!.counted.push({ kind, entry });
  }
  return clicks;
}

function counterKind(partitionKey: string, window: WindowSize, kinds: CounterKind[]): number {
  const known = kinds.findIndex((kind) => kind.partitionKey === partitionKey && kind.window === window);
  return known === -1 ? kinds.push({ partitionKey, window }) - 1 : known;
}

function sketchFor(kind: number, value: string, { sketches, sketchOf }: Kinds): number {
  const id = `${kind}|${value}`;
  const known = sketchOf.get(id) ?? sketches.push(sketchAttribute(value)) - 1;
  sketchOf.set(id, known);
  return known;
}
