import { countedValue, counterBytes, itemId } from '../../domain/counter-item';
import { type Entry, fold, type ItemRun } from '../../domain/fold';
import { decodeSketch } from '../../domain/sketch-bytes';
import { uniqueKeyPrefix } from '../../domain/unique-item';
import { naiveDuplicateFilter } from './duplicate-reference';
import type { Played, Span } from './play';
import { countsOf, itemOf, naiveCounts } from './reference';
import { distinctIn, naiveDistinct, sketchesOf, sketchItemOf, uniqueRuns } from './sketch-reference';
import type { ModelShard } from './stream';
import type { Subject } from './subjects';
import { type Contents, differences, itemText, type PlainItem, plainItem } from './table-contents';

/** @throws Error that names every item that is not what it must be after a schedule without given-up records */
export function expectExact(shards: readonly ModelShard[], { table }: Played, subject: Subject): void {
  const expected = expectedItems(shards, subject);
  const texts: Contents = new Map(expected.map((item) => [idOf(item), itemText(item)]));
  const items = plainItems(table);
  refuse(differences(texts, new Map(items.map((item) => [idOf(item), itemText(item)]))));
  expectSizeBounds(items);
}

/**
 * What holds once everything that was given up is repaired. As `expectExact`, but where duplicates are removed an item
 * may stand behind the last event that it counts, and there may be some that count nothing: repairs keep the aggregator
 * from counting what it cannot know to be a duplicate.
 *
 * @throws Error that names every item of which that is not so
 */
export function expectExactAfterRepair(
  shards: readonly ModelShard[],
  played: Played,
  subject: Subject,
): void {
  if (subject.settings.deduplicationSeconds === 0) {
    expectExact(shards, played, subject);
    return;
  }
  const textOf = ({ seq: _seq, expiresAt: _expiresAt, ...item }: PlainItem): string => itemText(item);
  const expected = new Map(expectedItems(shards, subject).map((item) => [idOf(item), item]));
  const items = plainItems(played.table).filter(
    (item) => expected.has(idOf(item)) || isSketchItem(item) || !countsNothing(item),
  );
  const texts = [...expected].map(([id, item]) => [id, textOf(item)] as const);
  refuse(differences(new Map(texts), new Map(items.map((item) => [idOf(item), textOf(item)]))));
  refuse(
    items
      .filter((item) => (item.seq ?? '') < (expected.get(idOf(item))!.seq ?? ''))
      .map((item) => `${idOf(item)}\n  stands before the last event that it counts`),
  );
  expectSizeBounds(items);
}

/**
 * What holds when records were given up: every item has counted all events of the other records, and of each piece
 * that was given up the first few, in the order of the shard: none, some or all. A piece is what lies between two
 * ends of given-up spans, as a restart may have a mapping give up the same records once more, otherwise cut.
 * A sketch has all of the other records, and nothing that no record has.
 *
 * @param subject does not remove duplicates: of what was given up, those that follow may not know
 * @throws Error that names every item of which that is not so
 */
export function expectExactButForPieces(
  shards: readonly ModelShard[],
  { table, givenUp }: Played,
  subject: Subject,
): void {
  const items = new Map(plainItems(table).map((item) => [idOf(item), item]));
  const left = new Set(items.keys());
  const wrong: string[] = [];
  for (const [index, shard] of shards.entries()) {
    const pieceOf = pieces(shard, givenUp[index]!);
    for (const run of fold(shard.name, shard.records).runs) {
      const id = itemId(run.key);
      left.delete(id);
      const item = items.get(id);
      const text = item && itemText(item);
      if (possibleItems(run, pieceOf, subject.limits.counterBytes).some((possible) => possible === text))
        continue;
      const entries = run.entries.map((entry) => `${pieceOf(entry) ?? 'kept'} ${entry.value}`);
      wrong.push(`${id}\n  found ${text ?? 'no item'}\n  of    ${entries.join(', ')}`);
    }
    if (subject.settings.uniqueVisitors === 'off') continue;
    const kept = shard.records.filter((record) => pieceOf(record) === undefined);
    const least = new Map(uniqueRuns(shard.name, kept).map((run) => [itemId(run.key), run]));
    for (const run of uniqueRuns(shard.name, shard.records)) {
      const id = itemId(run.key);
      left.delete(id);
      const registers = sketchRegisters(items.get(id));
      const isPossible =
        isWithin(least.has(id) ? registersOf(sketchesOf(least.get(id)!, 0)) : new Map(), registers) &&
        isWithin(registers, registersOf(sketchesOf(run, 0)));
      if (!isPossible) wrong.push(`${id}\n  lacks something, or has too much`);
    }
  }
  refuse([...wrong, ...[...left].map((id) => `${id}\n  must not be there`)]);
  expectSizeBounds([...items.values()]);
}

/** What the table is compared with counts what the lines were made to be. */
export function expectFoldOfTruth(shards: readonly ModelShard[], subject: Subject): void {
  const unlimited = { ...subject, limits: { counterBytes: Infinity, sketches: Infinity } };
  const items = expectedItems(shards, unlimited);
  const sketches = items.filter(isSketchItem);
  const counters = items.filter((item) => !isSketchItem(item));
  const text = (counts: ReadonlyMap<string, number>): Contents =>
    new Map([...counts].map(([key, count]) => [key, String(count)]));
  const { deduplicationSeconds } = subject.settings;
  refuse(differences(text(naiveCounts(shards, deduplicationSeconds)), text(countsOf(counters))));
  refuse(differences(text(naiveDistinct(shards)), text(distinctIn(sketches))));
}

function expectedItems(shards: readonly ModelShard[], { settings, limits }: Subject): PlainItem[] {
  return shards.flatMap(({ name, records }) => [
    ...fold(name, records, naiveDuplicateFilter(settings.deduplicationSeconds)).runs.map((run) =>
      itemOf(run, run.entries, limits.counterBytes),
    ),
    ...(settings.uniqueVisitors === 'off'
      ? []
      : uniqueRuns(name, records).map((run) => sketchItemOf(run, limits.sketches))),
  ]);
}

interface InRecord {
  readonly sequenceNumber: string;
}

/** The number of the given-up piece that a record is of; undefined if it was not given up. */
function pieces({ records }: ModelShard, givenUp: readonly Span[]): (entry: InRecord) => number | undefined {
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

/** The registers of all sketches of an item together: which values have one of their own depends on what was counted. */
function sketchRegisters(item: PlainItem | undefined): ReadonlyMap<number, number> {
  const sketches = Object.entries(item ?? {})
    .filter(([attribute]) => attribute.startsWith('s:') || attribute === 'other')
    .map(([attribute, hex]) => [attribute, decodeSketch(Buffer.from(hex, 'hex'))] as const);
  return registersOf(new Map(sketches));
}

function registersOf(sketches: ReturnType<typeof sketchesOf>): Map<number, number> {
  const highest = new Map<number, number>();
  for (const { registers } of sketches.values()) {
    for (const [register, rank] of registers.entries()) {
      if (rank > (highest.get(register) ?? 0)) highest.set(register, rank);
    }
  }
  return highest;
}

function isWithin(inner: ReadonlyMap<number, number>, outer: ReadonlyMap<number, number>): boolean {
  return [...inner].every(([register, rank]) => rank <= (outer.get(register) ?? 0));
}

/** Chunks of recent events are the function's own memory, and hold what they need however a shard was cut. */
function plainItems(table: Played['table']): PlainItem[] {
  return table
    .items()
    .map(plainItem)
    .filter(({ pk }) => !pk!.startsWith('recent#'));
}

function countsNothing(item: PlainItem): boolean {
  return Object.keys(item).every((name) => countedValue(name) === undefined && name !== 'other');
}

function isSketchItem({ pk }: PlainItem): boolean {
  return pk!.startsWith(uniqueKeyPrefix);
}

function idOf({ pk, sk }: PlainItem): string {
  return itemId({ pk: pk!, sk: sk! });
}

/** A bound below the truth would let an item grow past its cap. */
function expectSizeBounds(items: readonly PlainItem[]): void {
  for (const item of items.filter((candidate) => !isSketchItem(candidate))) {
    const bytes = Object.keys(item)
      .map(countedValue)
      .reduce((sum, value) => sum + (value === undefined ? 0 : counterBytes(value)), 0);
    if (Number(item.sizeBound) < bytes) {
      throw new Error(`${idOf(item)}: holds ${bytes} bytes, and says ${item.sizeBound}`);
    }
  }
}

function refuse(offences: readonly string[]): void {
  if (offences.length > 0) throw new Error(`${offences.length} items are wrong:\n${offences.join('\n')}`);
}
