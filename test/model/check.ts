import { countedValue, counterBytes } from '../../domain/counter-item';
import { type Entry, fold, type ItemRun } from '../../domain/fold';
import type { Played, Span } from './play';
import { countsOf, itemOf, naiveCounts } from './reference';
import type { ModelShard } from './stream';
import { type Contents, differences, itemId, itemText, type PlainItem, plainItem } from './table-contents';

/** @throws Error that names every item that is not what it must be after a schedule without given-up records */
export function expectExact(shards: readonly ModelShard[], { table }: Played, maxCounterBytes: number): void {
  const expected: Contents = new Map(
    runsOf(shards).map(({ run }) => [itemId(run.key), itemText(itemOf(run, run.entries, maxCounterBytes))]),
  );
  refuse(differences(expected, contentsOf(table)));
  expectSizeBounds(table);
}

/**
 * What holds when records were given up: every item has counted all events of the other records, and of each piece
 * that was given up the first few, in the order of the shard: none, some or all. A piece is what lies between two
 * ends of given-up spans, as a restart may have a mapping give up the same records once more, otherwise cut.
 *
 * @throws Error that names every item of which that is not so
 */
export function expectExactButForPieces(
  shards: readonly ModelShard[],
  { table, givenUp }: Played,
  maxCounterBytes: number,
): void {
  const actual = contentsOf(table);
  const left = new Set(actual.keys());
  const wrong: string[] = [];
  for (const { run, shard } of runsOf(shards)) {
    const id = itemId(run.key);
    left.delete(id);
    const text = actual.get(id);
    const pieceOf = pieces(shards[shard]!, givenUp[shard]!);
    if (!possibleItems(run, pieceOf, maxCounterBytes).some((possible) => possible === text)) {
      const entries = run.entries.map((entry) => `${pieceOf(entry) ?? 'kept'} ${entry.value}`);
      wrong.push(`${id}\n  found ${text ?? 'no item'}\n  of    ${entries.join(', ')}`);
    }
  }
  refuse([...wrong, ...[...left].map((id) => `${id}\n  must not be there`)]);
  expectSizeBounds(table);
}

/** The fold that the table is compared with counts what the lines were made to be. */
export function expectFoldOfTruth(shards: readonly ModelShard[]): void {
  const items = runsOf(shards).map(({ run }) => itemOf(run, run.entries, Number.POSITIVE_INFINITY));
  const text = (counts: ReadonlyMap<string, number>): Contents =>
    new Map([...counts].map(([key, count]) => [key, String(count)]));
  refuse(differences(text(naiveCounts(shards)), text(countsOf(items))));
}

function runsOf(shards: readonly ModelShard[]): { readonly run: ItemRun; readonly shard: number }[] {
  return shards.flatMap(({ name, records }, shard) =>
    fold(name, records).runs.map((run) => ({ run, shard })),
  );
}

/** The number of the given-up piece that an entry's record is of; undefined if it was not given up. */
function pieces({ records }: ModelShard, givenUp: readonly Span[]): (entry: Entry) => number | undefined {
  const ends = new Set(givenUp.flatMap(({ from, to }) => [from, to]));
  const numbers = new Map<string, number>();
  let piece = 0;
  for (const [index, { sequenceNumber }] of records.entries()) {
    if (ends.has(index)) piece++;
    if (givenUp.some(({ from, to }) => from <= index && index < to)) numbers.set(sequenceNumber, piece);
  }
  return ({ sequenceNumber }) => numbers.get(sequenceNumber);
}

/** All that an item may hold: undefined stands for no item. */
function possibleItems(
  run: ItemRun,
  pieceOf: (entry: Entry) => number | undefined,
  maxCounterBytes: number,
): (string | undefined)[] {
  let histories: Entry[][] = [[]];
  for (let start = 0; start < run.entries.length; ) {
    const piece = pieceOf(run.entries[start]!);
    let end = start + 1;
    while (end < run.entries.length && pieceOf(run.entries[end]!) === piece) end++;
    const entries = run.entries.slice(start, end);
    const shortest = piece === undefined ? entries.length : 0;
    histories = histories.flatMap((history) =>
      Array.from({ length: entries.length - shortest + 1 }, (_, more) => [
        ...history,
        ...entries.slice(0, shortest + more),
      ]),
    );
    start = end;
  }
  return histories.map((entries) =>
    entries.length > 0 ? itemText(itemOf(run, entries, maxCounterBytes)) : undefined,
  );
}

function contentsOf(table: Played['table']): Contents {
  return new Map(
    table.items().map((item) => {
      const plain = plainItem(item);
      return [itemId({ pk: plain.pk!, sk: plain.sk! }), itemText(plain)];
    }),
  );
}

/** A bound below the truth would let an item grow past its cap. */
function expectSizeBounds(table: Played['table']): void {
  const bytes = (item: PlainItem): number =>
    Object.keys(item)
      .map(countedValue)
      .reduce((sum, value) => sum + (value === undefined ? 0 : counterBytes(value)), 0);
  for (const item of table.items().map(plainItem)) {
    if (Number(item.sizeBound) < bytes(item)) {
      throw new Error(`${item.pk} ${item.sk}: holds ${bytes(item)} bytes, and says ${item.sizeBound}`);
    }
  }
}

function refuse(offences: readonly string[]): void {
  if (offences.length > 0) throw new Error(`${offences.length} items are wrong:\n${offences.join('\n')}`);
}
