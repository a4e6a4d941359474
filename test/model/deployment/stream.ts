import type { ShardRecord } from '../../../domain/event/shard-lines';
import type { Random } from '../../../domain/numbers/random';
import { kplAggregate } from '../../support/kpl-encoder';
import { horizonSeconds, sliceSeconds } from '../settings';
import { badLine, blankLine, clickLine, type LineTruth, type PlannedLine } from './events';

/** An event of the stream, and its place there. */
export interface ModelEvent {
  /** The how-manieth event of its shard it is, from 0. */
  readonly ordinal: number;
  readonly record: number;
  readonly arrivedAt: number;
  readonly truth: LineTruth;
}

export interface ModelRecord extends ShardRecord {
  /** The how-manieth record of its shard it is, from 0. */
  readonly number: number;
  readonly events: readonly ModelEvent[];
}

export interface ModelShard {
  /** `stream/shardId`. */
  readonly name: string;
  /** The shards that this one was split or merged from. */
  readonly parents: readonly string[];
  readonly records: ModelRecord[];
  readonly events: ModelEvent[];
  isClosed: boolean;
}

/** A record before it has a place, and of each of its lines the index that its place will have. */
export interface PlannedRecord {
  readonly arrivedAt: number;
  readonly data: Buffer;
  readonly lines: readonly { readonly truth: LineTruth; readonly index: number }[];
}

/** What one inner record of an aggregate is worth in an index. */
const innerRecord = 10_000_000;

/** A producer's event, and when it was first sent; it may send it again within the horizon. */
interface Sent {
  readonly shard: string;
  readonly line: PlannedLine;
  readonly slice: number;
}

/**
 * Where each shard's sequence numbers start. Some grow by a digit on their way, and all but the shortest pass what a
 * double can tell apart.
 */
const firstNumbers = [
  49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n,
  7n,
  99_999_999_999_999_999_999_999_999_999_999_999_999_999_999_999_999_999_997n,
] as const;

/** Events that a producer still remembers, to send them again. */
const remembered = 12;

/** A stream whose producers put records, and whose shards are split and merged. */
export class ModelStream {
  readonly shards = new Map<string, ModelShard>();
  private readonly firstNumber: bigint;
  private readonly placed = new Map<string, ModelEvent>();
  private sent: Sent[] = [];
  private ids = 0;

  constructor(private readonly random: Random) {
    // The same for all shards: a shard has to keep apart from the others by its name.
    this.firstNumber = random.pick(firstNumbers);
    this.addShard([]);
    if (random.chance(0.3)) this.addShard([]);
  }

  /** The event at a position as the table has it. */
  eventAt(shard: string, position: string): ModelEvent | undefined {
    const [, sequenceNumber, index = ''] = position.split(':');
    return this.placed.get(`${shard} ${sequenceNumber} ${Number(index.replace('~', ''))}`);
  }

  open(): ModelShard[] {
    return [...this.shards.values()].filter(({ isClosed }) => !isClosed);
  }

  put(shard: ModelShard, now: number): void {
    this.place(shard, this.plan(shard, now), String(this.firstNumber + BigInt(shard.records.length)));
  }

  /** What a producer sends to a shard about now. */
  plan(shard: ModelShard, now: number): PlannedRecord {
    const { random } = this;
    // Arrivals of a shard run backwards a little, by less than a slice.
    const arrivedAt = now - random.below(sliceSeconds * 1_000 - 1);
    const lines = this.linesOfRecord(shard, arrivedAt);
    const texts = lines.map(({ text }) => text);
    const truths = (indexOf: (number: number) => number) =>
      lines.map(({ truth }, number) => ({ truth, index: indexOf(number) }));
    // A line's index in its record: of an aggregate, with the number of its inner record in front.
    switch (random.chance(0.85) ? 'lines' : random.pick(['aggregate', 'aggregate of two'] as const)) {
      case 'lines':
        return { arrivedAt, data: Buffer.from(texts.join('\n')), lines: truths((number) => number) };
      case 'aggregate':
        return { arrivedAt, data: kplAggregate(texts), lines: truths((number) => number * innerRecord) };
      case 'aggregate of two': {
        const middle = Math.ceil(lines.length / 2);
        const halves = [texts.slice(0, middle), texts.slice(middle)].filter((half) => half.length > 0);
        const data = kplAggregate(halves.map((half) => half.join('\n')));
        const indexOf = (number: number) => (number < middle ? number : innerRecord + number - middle);
        return { arrivedAt, data, lines: truths(indexOf) };
      }
    }
  }

  /** Puts a record where the stream has given it a place. */
  place(shard: ModelShard, { arrivedAt, data, lines }: PlannedRecord, sequenceNumber: string): void {
    const number = shard.records.length;
    const events = lines.map(({ truth, index }): ModelEvent => {
      const event = { ordinal: shard.events.length, record: number, arrivedAt, truth };
      shard.events.push(event);
      this.placed.set(`${shard.name} ${sequenceNumber} ${index}`, event);
      return event;
    });
    shard.records.push({ sequenceNumber, data, arrivedAt, number, events });
  }

  private linesOfRecord(shard: ModelShard, arrivedAt: number): PlannedLine[] {
    const { random } = this;
    if (random.chance(0.03)) return [blankLine];
    const count = random.chance(0.7) ? 1 : 1 + random.below(random.chance(0.1) ? 12 : 4);
    return Array.from({ length: count }, () =>
      random.chance(0.08) ? badLine(random) : this.click(shard, arrivedAt),
    );
  }

  private click({ name }: ModelShard, arrivedAt: number): PlannedLine {
    const { random } = this;
    const slice = Math.floor(arrivedAt / (sliceSeconds * 1_000));
    if (random.chance(0.3)) {
      // All copies of an event lie within one horizon: of others it depends on the order who is a copy of whom.
      const slices = horizonSeconds / sliceSeconds;
      const fit = this.sent.filter((s) => s.shard === name && slice >= s.slice && slice - s.slice <= slices);
      if (fit.length > 0) return random.pick(fit).line;
    }
    const line = clickLine(random, `event-${this.ids++}`, arrivedAt);
    this.sent = [...this.sent.slice(1 - remembered), { shard: name, line, slice }];
    return line;
  }

  /** Splits a shard, or merges two, unless there were many already; returns whether it did. */
  reshard(): boolean {
    const open = this.open();
    if (this.shards.size > 4) return false;
    const parents = open.length === 2 && this.random.chance(0.5) ? open : [this.random.pick(open)];
    for (const parent of parents) parent.isClosed = true;
    for (let children = parents.length === 2 ? 1 : 2; children > 0; children--) {
      this.addShard(parents.map(({ name }) => name));
    }
    return true;
  }

  private addShard(parents: readonly string[]): void {
    const name = `clicks/shardId-${String(this.shards.size).padStart(12, '0')}`;
    this.shards.set(name, { name, parents, records: [], events: [], isClosed: false });
  }
}
