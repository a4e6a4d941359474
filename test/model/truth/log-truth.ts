import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { decodeBody } from '../../../domain/counters/delta-body';
import type { ItemContent } from '../../../domain/counters/item';
import type { WindowSize } from '../../../domain/counters/window';
import { estimate } from '../../../domain/visitors/sketch';
import { decodeSketch } from '../../../domain/visitors/sketch-bytes';
import { readItem } from '../../../table/item-attributes';
import type { MemoryDynamo } from '../../support/memory-dynamo';
import type { ModelEvent, ModelStream } from '../deployment/stream';
import { dayMs, hourMs, retentionDays, type Settings } from '../settings';
import { bucketsIn, contentOfCorrection } from './delta-content';
import {
  contentOf,
  contentText,
  type Decided,
  heldAfter,
  type NaiveContent,
  NaiveIds,
  noContent,
  textOf,
} from './reference';
import { isLongOver, type TrueItem, TrueLog } from './true-log';

export class Violation extends Error {
  override readonly name = 'Violation';
}

type Attributes = Readonly<Record<string, AttributeValue>>;

/** What a snapshot of the table has of the logs: how many deltas of each. */
export type LogSnapshot = ReadonlyMap<string, number>;

/**
 * The model's own account of the logs. It sees each write that the table takes, decides what the write ought to be from
 * what the events were made to be, and refuses what breaks a rule.
 */
export class LogTruth {
  private readonly logs = new Map<string, TrueLog>();

  constructor(
    private readonly stream: ModelStream,
    private readonly settings: Settings,
  ) {}

  log(shard: string): TrueLog {
    const known = this.logs.get(shard) ?? new TrueLog(this.settings);
    this.logs.set(shard, known);
    return known;
  }

  tails(): Map<string, string> {
    return new Map([...this.logs].map(([shard, { tail }]) => [shard, tail]));
  }

  isCounted(shard: string, { ordinal }: ModelEvent): boolean {
    return this.log(shard).counted.has(ordinal);
  }

  snapshot(): LogSnapshot {
    return new Map([...this.logs].map(([shard, { deltas }]) => [shard, deltas.length]));
  }

  /** A log only grows, so that what it was is the beginning of what it is. */
  restore(snapshot: LogSnapshot): void {
    for (const [shard, log] of this.logs) {
      const before = new TrueLog(this.settings);
      for (const delta of log.deltas.slice(0, snapshot.get(shard) ?? 0)) before.add(delta);
      this.logs.set(shard, before);
    }
  }

  /** Sees a delta that the table has taken. */
  sawDelta(attributes: Attributes, now: number): void {
    const shard = attributes.pk!.S!.slice('log#'.length);
    const predecessor = attributes.sk!.S!;
    const last = attributes.last!.S!;
    const kind = attributes.kind!.S!;
    const log = this.log(shard);
    if (predecessor !== log.tail) {
      throw new Violation(`${shard}: a delta stands behind ${predecessor}, but the log ends at ${log.tail}`);
    }
    if (last <= predecessor)
      throw new Violation(`${shard}: delta ${last} does not lie behind ${predecessor}`);
    const body = decodeBody(attributes.body!.B!);
    const decided = this.decide(shard, log, this.covered(shard, attributes), now);
    const content =
      kind === 'rebuild'
        ? contentOfCorrection(body)
        : contentOf(decided, this.settings.uniqueVisitors, bucketsIn(body));
    if (decided.some((one) => one.isUntold)) {
      const taken = decided.map((one) => (one.isUntold ? { ...one, isDuplicate: false } : one));
      for (const name of contentOf(taken, 'off', bucketsIn(body)).keys()) {
        if (!content.has(name)) content.set(name, noContent());
      }
    }
    const arrivedAt = Number(attributes.arrived!.N);
    const latest = Math.max(...decided.map(({ event }) => event.arrivedAt));
    if (decided.length > 0 && arrivedAt !== latest) {
      throw new Violation(`${shard}: delta ${last} arrived at ${arrivedAt}; its last event at ${latest}`);
    }
    const expiresAt = Number(attributes.expiresAt!.N) * 1000;
    log.add({ predecessor, last, kind, arrivedAt, expiresAt, putAt: now, decided, content });
  }

  /** The events that a delta says it counts. */
  private covered(shard: string, attributes: Attributes): ModelEvent[] {
    const spans =
      attributes.first?.S !== undefined
        ? [[attributes.first.S, attributes.last!.S!]]
        : (attributes.covers?.L ?? []).map(({ L }) => L!.map(({ S }) => S!));
    const { events } = this.stream.shards.get(shard)!;
    return spans.flatMap(([first, last]) => {
      const from = this.stream.eventAt(shard, first!);
      const to = this.stream.eventAt(shard, last!);
      if (!from || !to)
        throw new Violation(`${shard}: a delta counts ${first} to ${last}, which is no event`);
      return events.slice(from.ordinal, to.ordinal + 1);
    });
  }

  /** An id is known if it stands anywhere in the log, or before in the delta. */
  private decide(shard: string, log: TrueLog, events: readonly ModelEvent[], now: number): Decided[] {
    const own = new NaiveIds(this.settings.deduplicationSeconds);
    return events.map((event) => {
      if (log.counted.has(event.ordinal)) {
        throw new Violation(`${shard}: event ${event.ordinal} is in the log twice`);
      }
      const isOwn = own.isDuplicate(event);
      const isDuplicate = isOwn || log.ids.isDuplicate(event);
      const isUntold = isDuplicate && !isOwn && !log.ids.isDuplicate(event, now + hourMs);
      own.add(event);
      return { event, isDuplicate, isUntold };
    });
  }

  /** Sees an item that the table has taken: it has what the log adds to it up to its place, and nothing else. */
  sawItem(attributes: Attributes, now: number): void {
    const { name, shard } = itemOf(attributes);
    const item = this.log(shard).items.get(name);
    const { seq, expiresAt, content } = readItem(attributes);
    if (!item) throw new Violation(`${shard}: item ${name}, of which nothing was counted`);
    if (item.seq !== undefined && seq <= item.seq) {
      throw new Violation(`${shard}: item ${name} is put at ${seq}, and was at ${item.seq}`);
    }
    item.seq = seq;
    if (this.isUncertain(item, now)) return;
    const added = item.added.filter(({ last }) => last <= seq);
    const expected = textOf(this.held(added));
    const found = this.textOfItem(content);
    if (found !== expected) {
      throw new Violation(`${shard}: item ${name} at ${seq}\n  has    ${found}\n  should ${expected}`);
    }
    const last = Math.max(...added.map(({ arrivedAt }) => arrivedAt));
    const days = retentionDays[/ (\w+)#/.exec(name)![1] as WindowSize];
    if (expiresAt !== Math.floor((last + days * dayMs) / 1000)) {
      throw new Violation(`${shard}: item ${name} expires at ${expiresAt}; what it has arrived at ${last}`);
    }
  }

  /** Sees where an entry says that its log is compacted to: all items have what the log adds to them up to there. */
  async sawCompacted(shard: string, place: string, table: MemoryDynamo, now: number): Promise<void> {
    const log = this.log(shard);
    if (place > log.tail)
      throw new Violation(`${shard}: compacted to ${place}, but the log ends at ${log.tail}`);
    for (const [name, item] of log.items) {
      if (this.isUncertain(item, now)) continue;
      const needed = item.added.findLast(({ last }) => last <= place)?.last;
      if (needed === undefined) continue;
      const [pk, window] = name.split(' ') as [string, string];
      const { Item } = await table.get({
        TableName: '',
        Key: { pk: { S: pk }, sk: { S: `${window}#${shard}` } },
      });
      if (!Item || Item.seq!.S! < needed) {
        throw new Violation(`${shard}: compacted to ${place}, but item ${name} lacks ${needed}`);
      }
    }
  }

  /**
   * What each item of a shard must be for a reader who has the log up to a tail; undefined where nobody can say. Items
   * that have long expired are not there.
   */
  expectedAt(shard: string, tail: string, now: number): Map<string, NaiveContent | undefined> {
    const expected = new Map<string, NaiveContent | undefined>();
    for (const [name, item] of this.log(shard).items) {
      const added = item.added.filter(({ last }) => last <= tail);
      if (added.length === 0 || isLongOver(item, now)) continue;
      expected.set(name, this.isUncertain(item, now) ? undefined : this.held(added));
    }
    return expected;
  }

  /** Items of a shard that have long expired: what is left of their windows need not add up. */
  goneAt(shard: string, now: number): string[] {
    return [...this.log(shard).items].filter(([, item]) => isLongOver(item, now)).map(([name]) => name);
  }

  /** An item's content as the product has it, as a text to be compared. */
  textOfItem({ counts, sketches, otherSketch }: ItemContent): string {
    const distinct = (bytes: Uint8Array): number => Math.round(estimate(decodeSketch(bytes)));
    return contentText(
      counts,
      new Map([...sketches].map(([value, bytes]) => [value, distinct(bytes)])),
      otherSketch ? distinct(otherSketch) : 0,
    );
  }

  private held(added: TrueItem['added']): NaiveContent {
    return heldAfter(
      added.map(({ content }) => content),
      this.settings.limits.item,
    );
  }

  private isUncertain({ isUncertain, expiresAt }: TrueItem, now: number): boolean {
    return isUncertain || expiresAt <= now + hourMs;
  }
}

function itemOf({ pk, sk }: Attributes): { readonly name: string; readonly shard: string } {
  const [size, window, ...shard] = sk!.S!.split('#');
  return { name: `${pk!.S} ${size}#${window}`, shard: shard.join('#') };
}
