import { partitionKey, readPartitionKey } from '../../domain/counter-item';
import { counterValue } from '../../domain/counter-value';
import { dimensionNamed } from '../../domain/dimensions';
import { type ClickObserver, type Entry, fold, type ShardRecord } from '../../domain/fold';
import { bucketOf } from '../../domain/hash';
import type { Hash64 } from '../../domain/hash64';
import { positionOf } from '../../domain/position';
import { sketchAttribute } from '../../domain/unique-item';
import { type Unique, type UniqueScope, type UniqueWindow, uniques } from '../../domain/uniques';
import { type WindowSize, windowSizes } from '../../domain/window';
import { sequenceNumberOf, simulatedShard } from './simulated-shard';

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

/** What an event tells an item of counters. Kinds are indexes into the pool's. */
interface CountedAs {
  readonly kind: number;
  readonly entry: Entry;
}

/** What every click on a page tells for being one on that page. */
export interface PooledPage {
  readonly counted: readonly CountedAs[];
  /** Sketches that it adds to. */
  readonly unique: readonly PooledSketch[];
}

export interface PooledSketch {
  readonly kind: number;
  /** An index into the pool's, which tells values of a kind apart without comparing texts. */
  readonly sketch: number;
  readonly id: Unique['id'];
}

/** A click, read and taken apart: what it tells each item, its page apart. */
export interface PooledClick {
  readonly counted: readonly CountedAs[];
  readonly page: PooledPage;
  /** The same of a view of a page and of all that is done there: in another round, all of it is on another page. */
  readonly visit: number;
  /** Who or what is counted once. */
  readonly ids: Readonly<Record<Unique['id'], Hash64 | undefined>>;
  readonly eventId: Hash64;
}

/** Takes clicks apart, and keeps what they have in common. */
export function createClickReader() {
  const counterKinds: CounterKind[] = [];
  const uniqueKinds: readonly UniqueKind[] = uniques.flatMap((unique) =>
    unique.windows.flatMap((window) =>
      Array.from({ length: unique.buckets }, (_, bucket) => ({ unique, bucket, window })),
    ),
  );
  const sketches: string[] = [];
  const pagesNamed = new Map<string, PooledPage>();

  const counterKind = (pk: string, window: WindowSize): number => {
    const known = counterKinds.findIndex((kind) => kind.partitionKey === pk && kind.window === window);
    return known === -1 ? counterKinds.push({ partitionKey: pk, window }) - 1 : known;
  };
  const sketchesOf = (scope: UniqueScope, page: string): PooledSketch[] =>
    uniques.flatMap((unique) => {
      if (unique.scope !== scope) return [];
      const { value } = counterValue(unique.valueOf({ page }));
      const bucket = bucketOf(value, unique.buckets);
      return uniqueKinds.flatMap((of, kind) =>
        of.unique === unique && of.bucket === bucket
          ? [{ kind, sketch: sketches.push(sketchAttribute(value)) - 1, id: unique.id }]
          : [],
      );
    });
  const pageNamed = (path: string): PooledPage => {
    const known = pagesNamed.get(path);
    if (known) return known;
    const { name, buckets } = pageDimension;
    const { value } = counterValue(path);
    const entry = { ...anyEntry, value };
    const made = {
      counted: windowSizes.map((window) => ({
        kind: counterKind(partitionKey(name, bucketOf(value, buckets)), window),
        entry,
      })),
      unique: sketchesOf('page', path),
    };
    pagesNamed.set(path, made);
    return made;
  };

  return {
    kinds: { counterKinds, uniqueKinds, sketches },
    site: sketchesOf('total', ''),
    pageNamed,
    /** What each record says; kinds of counters that are new are added. */
    read(records: readonly ShardRecord[]): PooledClick[] {
      const clicks = new Map<string, PooledClick & { readonly counted: CountedAs[] }>();
      const visits = new Map<string, number>();
      let lastVisit = -1;
      const observe: ClickObserver = (click, { sequenceNumber }) => {
        const visitor = click.field('visitorId')!;
        const visit = (click.field('type') === 'page_view' ? undefined : visits.get(visitor)) ?? ++lastVisit;
        visits.set(visitor, visit);
        clicks.set(sequenceNumber, {
          counted: [],
          page: pageNamed(click.page),
          visit,
          ids: { visitorId: click.hash('visitorId'), sessionId: click.hash('sessionId') },
          eventId: click.hash('eventId')!,
        });
      };
      for (const { key, window, entries } of fold(simulatedShard, records, undefined, observe).runs) {
        if (readPartitionKey(key).dimension === pageDimension.name) continue;
        const kind = counterKind(key.pk, window);
        for (const entry of entries) clicks.get(entry.sequenceNumber)!.counted.push({ kind, entry });
      }
      return [...clicks.values()];
    },
  };
}

const pageDimension = dimensionNamed('page');

/** Wherever an entry stands, it takes as many bytes. */
const anyEntry = {
  position: positionOf(sequenceNumberOf(0), 0),
  sequenceNumber: sequenceNumberOf(0),
  arrivedAt: 0,
  count: 1,
  cut: 0,
};
