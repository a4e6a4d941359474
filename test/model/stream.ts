import fc from 'fast-check';
import type { ShardRecord } from '../../domain/fold';
import { kplAggregate } from '../support/kpl-encoder';
import { blankLine, type LinePlan, type LineTruth, line, modelStart } from './lines';

/** A record of the stream, with what each of its lines must come to, in their order. */
export interface ModelRecord extends ShardRecord {
  readonly lines: readonly LineTruth[];
}

export interface ModelShard {
  /** `stream/shardId`. */
  readonly name: string;
  /** Indexes of the shards that this one was split or merged from. */
  readonly parents: readonly number[];
  readonly records: readonly ModelRecord[];
}

interface RecordPlan {
  readonly form: 'lines' | 'kpl' | 'kpl-of-two';
  readonly lines: readonly LinePlan[];
  /** Milliseconds after the record before. Arrivals of a shard run backwards a little, now and then. */
  readonly arrivesAfter: number;
}

const recordPlan: fc.Arbitrary<RecordPlan> = fc.record({
  form: fc.constantFrom('lines', 'lines', 'kpl', 'kpl-of-two'),
  lines: fc.oneof(
    { weight: 10, arbitrary: line.map((one) => [one]) },
    { weight: 6, arbitrary: fc.array(line, { minLength: 2, maxLength: 5 }) },
    { weight: 2, arbitrary: fc.constant([blankLine]) },
    // More lines than a digit counts.
    { weight: 1, arbitrary: fc.array(line, { minLength: 11, maxLength: 12, size: 'max' }) },
  ),
  arrivesAfter: fc.constantFrom(0, 400, 1_500, 10_000, 20_000, 50_000, 70_000, -900),
});

function dataOf(form: RecordPlan['form'], texts: readonly string[]): Buffer {
  const middle = Math.ceil(texts.length / 2);
  switch (form) {
    case 'lines':
      return Buffer.from(texts.join('\n'));
    case 'kpl':
      return kplAggregate(texts);
    case 'kpl-of-two':
      return kplAggregate(
        [texts.slice(0, middle), texts.slice(middle)]
          .filter((part) => part.length > 0)
          .map((part) => part.join('\n')),
      );
  }
}

/**
 * Where each shard's sequence numbers start. The same for all shards: a shard has to keep apart from the others by
 * its name. Some grow by a digit on their way, and all but the shortest pass what a double can tell apart.
 */
const firstNumbers = [
  49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n,
  7n,
  99_999_999_999_999_999_999_999_999_999_999_999_999_999_999_999_999_999_997n,
] as const;

/** Shard 0 alone; two side by side; a split of 0 into 1 and 2; a merge of 0 and 1 into 2; another stream's shard. */
const lineages: readonly (readonly { readonly name: string; readonly parents: readonly number[] }[])[] = [
  [{ name: 'clicks/shardId-000000000000', parents: [] }],
  [
    { name: 'clicks/shardId-000000000000', parents: [] },
    { name: 'clicks/shardId-000000000001', parents: [] },
  ],
  [
    { name: 'clicks/shardId-000000000000', parents: [] },
    { name: 'clicks/shardId-000000000001', parents: [0] },
    { name: 'clicks/shardId-000000000002', parents: [0] },
  ],
  [
    { name: 'clicks/shardId-000000000000', parents: [] },
    { name: 'clicks/shardId-000000000001', parents: [] },
    { name: 'clicks/shardId-000000000002', parents: [0, 1] },
  ],
  [
    { name: 'clicks/shardId-000000000000', parents: [] },
    { name: 'replaced/shardId-000000000000', parents: [] },
  ],
];

/** Streams of one to three shards with a handful of records each. */
export const modelStream: fc.Arbitrary<readonly ModelShard[]> = fc
  .record({
    lineage: fc.constantFrom(...lineages),
    firstNumber: fc.constantFrom(...firstNumbers),
    shards: fc.tuple(
      fc.array(recordPlan, { minLength: 1, maxLength: 7 }),
      fc.array(recordPlan, { maxLength: 5 }),
      fc.array(recordPlan, { maxLength: 4 }),
    ),
  })
  .map(({ lineage, firstNumber, shards }) => {
    return lineage.map(({ name, parents }, index) => {
      let arrivedAt = modelStart;
      const ids: string[] = [];
      const records = shards[index]!.map(({ form, lines, arrivesAfter }, place) => {
        arrivedAt += arrivesAfter;
        const identified = lines.map(({ truth, text, again }) => {
          const known = again === undefined ? undefined : ids[again % ids.length];
          const eventId = known ?? `event-${index}-${ids.length}`;
          ids.push(eventId);
          return { truth: truth.ok ? { ...truth, eventId } : truth, text: text(eventId) };
        });
        return {
          sequenceNumber: String(firstNumber + BigInt(place)),
          data: dataOf(
            form,
            identified.map(({ text }) => text),
          ),
          arrivedAt,
          lines: identified.map(({ truth }) => truth),
        };
      });
      return { name, parents, records };
    });
  });
