import { isDeepStrictEqual } from 'node:util';
import { AggregatorEnvironment } from '../../lambda/aggregator/contract';
import type { SentRecord } from './events';

/** A function, as its bundle is made. */
export interface FunctionContender {
  readonly name: string;
  readonly what: string;
  /** From `contenders/`. */
  readonly entry: string;
  readonly settings?: Readonly<Record<string, string>>;
}

const { deduplicationSeconds, uniqueVisitors } = AggregatorEnvironment;

/** The first and the second count all that the baseline counts, the floor nothing. */
export const aggregators: readonly FunctionContender[] = [
  {
    name: 'product',
    what: 'this aggregator, counters alone',
    entry: 'aggregator.ts',
    settings: { [deduplicationSeconds]: '0', [uniqueVisitors]: 'off' },
  },
  {
    name: 'product-prod',
    what: 'this aggregator, with duplicates removed and visitors counted',
    entry: 'aggregator.ts',
    settings: { [deduplicationSeconds]: '300', [uniqueVisitors]: 'total' },
  },
  {
    name: 'baseline',
    what: 'decode, `JSON.parse`, a Map for each window and dimension, a Set',
    entry: 'map-each.ts',
  },
  { name: 'floor', what: 'the floor: the event’s `JSON.parse`', entry: 'nothing.ts' },
];

export interface TransformerContender extends FunctionContender {
  /**
   * Whether that is what has to become of a record.
   *
   * @param line the answer's data as text; undefined if the answer says that the record failed
   */
  readonly isRight: (record: SentRecord, line: string | undefined) => boolean;
}

const place = ['arrivedAt', 'shardId', 'sequenceNumber'];
const enrichment = [...place, 'subSequenceNumber', 'deviceClass', 'isBot'];

/** One line that says all that the event said, and has further members. */
function isArchiveLine({ text }: SentRecord, line: string | undefined, further: readonly string[]): boolean {
  if (line === undefined || line.indexOf('\n') !== line.length - 1) return false;
  const archived = JSON.parse(line);
  const members = Object.entries(JSON.parse(text));
  return (
    members.every(([name, value]) => isDeepStrictEqual(archived[name], value)) &&
    further.every((name) => archived[name] !== undefined)
  );
}

export const transformers: readonly TransformerContender[] = [
  {
    name: 'product',
    what: 'this transformer',
    entry: '../../../lambda/transformer/handler.ts',
    // What is no event is archived as well, rejected and as it came.
    isRight: (record, line) =>
      record.is === 'click'
        ? isArchiveLine(record, line, enrichment)
        : line !== undefined && Buffer.from(JSON.parse(line).raw, 'base64').toString() === record.text,
  },
  {
    name: 'same-job',
    what: 'the same checks and fields by `JSON.parse` and `stringify`',
    entry: 'same-job.ts',
    isRight: (record, line) =>
      record.is === 'click' ? isArchiveLine(record, line, enrichment) : line === undefined,
  },
  {
    name: 'blueprint',
    what: 'blueprint: parse, add three fields, print',
    entry: 'blueprint.ts',
    isRight: (record, line) =>
      record.is === 'cut' ? line === undefined : isArchiveLine(record, line, place),
  },
  {
    name: 'identity',
    what: 'the floor: hands back what came',
    entry: 'identity.ts',
    isRight: ({ text }, line) => line === text,
  },
];
