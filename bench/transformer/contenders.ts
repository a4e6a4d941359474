import { isDeepStrictEqual } from 'node:util';
import type { SentRecord } from './batch';

/** A way to transform. */
export interface Contender {
  readonly name: string;
  readonly what: string;
  /** Of the function, from the root of the repository. */
  readonly entry: string;
  /**
   * Whether that is what has to become of a record.
   *
   * @param line the answer's data as text; undefined if the answer says that the record failed
   */
  readonly isRight: (record: SentRecord, line: string | undefined) => boolean;
}

const entryOf = (name: string) => `bench/transformer/contenders/${name}.ts`;

/** One line that says all that the event said, and has further members. */
function isArchiveLine({ text }: SentRecord, line: string, furtherMembers: readonly string[]): boolean {
  const archived = JSON.parse(line);
  const further = furtherMembers.map((name) => [name, archived[name]]);
  return (
    line.indexOf('\n') === line.length - 1 &&
    further.every(([, value]) => value !== undefined) &&
    isDeepStrictEqual(
      { ...archived, referrerHost: undefined },
      { ...JSON.parse(text), ...Object.fromEntries(further), referrerHost: undefined },
    )
  );
}

const place = ['arrivedAt', 'shardId', 'sequenceNumber'];
const enrichment = [...place, 'subSequenceNumber', 'deviceClass', 'isBot'];

const enriched: Contender['isRight'] = (record, line) =>
  line === undefined
    ? record.is !== 'click'
    : record.is === 'click' && isArchiveLine(record, line, enrichment);

/** What is no event is archived as well, rejected and as it came. */
const kept: Contender['isRight'] = (record, line) =>
  record.is === 'click'
    ? enriched(record, line)
    : line !== undefined && Buffer.from(JSON.parse(line).raw, 'base64').toString() === record.text;

const placed: Contender['isRight'] = (record, line) =>
  line === undefined ? record.is === 'cut' : record.is !== 'cut' && isArchiveLine(record, line, place);

export const contenders: readonly Contender[] = [
  { name: 'product', what: 'this transformer', entry: 'lambda/transformer/handler.ts', isRight: kept },
  {
    name: 'same-job',
    what: 'the same checks and fields by `JSON.parse` and `stringify`',
    entry: entryOf('same-job'),
    isRight: enriched,
  },
  {
    name: 'blueprint',
    what: 'blueprint: parse, add three fields, print',
    entry: entryOf('blueprint'),
    isRight: placed,
  },
  {
    name: 'async-map',
    what: 'the blueprint as an `async` map',
    entry: entryOf('async-map'),
    isRight: placed,
  },
  {
    name: 'unread',
    what: 'the floor of answers as long: adds as many bytes, reads nothing',
    entry: entryOf('unread'),
    isRight: ({ text }, line) => line?.startsWith(text.slice(0, -1)) === true && line.endsWith('}\n'),
  },
  {
    name: 'identity',
    what: 'the floor: hands back what came',
    entry: entryOf('identity'),
    isRight: ({ text }, line) => line === text,
  },
];
