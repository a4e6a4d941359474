import { isObject, textIn } from '../../domain/json/json-object';
import type { Answered, OnAnswered } from '../../emulators/on-answered';
import { createIteratorMemory } from '../iterator-memory';
import type { RecordMetric } from './metric-store';
import { streamMetric, systemErrors, tableMetric } from './service-metrics';

const throughputExceeded = 'ProvisionedThroughputExceededException';

type StreamMetric = Parameters<typeof streamMetric>[1];

/**
 * Takes the metrics that Kinesis and DynamoDB take of the requests that they answer, and of those that they refuse.
 *
 * @param streamNames of all streams that there are
 */
export function wireMetrics(streamNames: readonly string[], record: RecordMetric): OnAnswered {
  const [only, ...others] = streamNames;
  /** The stream of each iterator that was given out, where it is not clear anyhow. */
  const streamOf = createIteratorMemory<string>();

  /** Of each record 1 if its shard refused it, else 0: the average is the share. */
  const put = (stream: string, sizes: readonly number[], refusals: readonly unknown[]): void => {
    const refused = refusals.filter((code) => code === throughputExceeded).length;
    const of = (name: StreamMetric, value: number, count = 1): void =>
      record(streamMetric(stream, name), value, { count });
    of('WriteProvisionedThroughputExceeded', 1, refused);
    of('WriteProvisionedThroughputExceeded', 0, refusals.length - refused);
    const accepted = sizes.filter((_, index) => refusals[index] === undefined);
    if (accepted.length === 0) return;
    of('IncomingRecords', accepted.length);
    of(
      'IncomingBytes',
      accepted.reduce((sum, size) => sum + size, 0),
    );
  };

  const read = ({ status, request, answer }: Answered): void => {
    const iterator = others.length > 0 ? textIn(request(), 'ShardIterator') : undefined;
    const stream = others.length === 0 ? only : streamOf.get(iterator ?? '');
    if (stream === undefined) return;
    // What was given out is long, and is looked into only where nothing else says which stream it is of.
    if (status === 200 && others.length > 0) streamOf.remember(textIn(answer(), 'NextShardIterator'), stream);
    const isRefused = status === 400 && typeOf(answer()) === throughputExceeded;
    record(streamMetric(stream, 'ReadProvisionedThroughputExceeded'), isRefused ? 1 : 0);
  };

  const kinesis: OnAnswered = (answered) => {
    const { operation, request, status, answer } = answered;
    switch (operation) {
      case 'GetRecords':
        read(answered);
        break;
      case 'GetShardIterator': {
        const stream = others.length > 0 ? textIn(request(), 'StreamName') : undefined;
        if (stream !== undefined) streamOf.remember(textIn(answer(), 'ShardIterator'), stream);
        break;
      }
      case 'PutRecord': {
        const asked = request();
        if (asked) put(streamIn(asked), [sizeOf(asked)], [status === 200 ? undefined : typeOf(answer())]);
        break;
      }
      case 'PutRecords': {
        const asked = request() ?? {};
        const entries = listIn(asked, 'Records');
        const answers = status === 200 ? listIn(answer(), 'Records') : [];
        const code = status === 200 ? undefined : typeOf(answer());
        put(
          streamIn(asked),
          entries.map(sizeOf),
          entries.map((_, index) => answers[index]?.ErrorCode ?? code),
        );
      }
    }
  };

  const dynamodb: OnAnswered = ({ operation, request, status, answer }) => {
    if (status === 200) return;
    const code = typeOf(answer());
    for (const table of tablesOf(request())) {
      if (status >= 500) record(systemErrors(table, operation), 1);
      else if (code === throughputExceeded || code === 'ThrottlingException') {
        const isRead = /^(Get|BatchGet|Query|Scan)/.test(operation);
        record(tableMetric(table, isRead ? 'ReadThrottleEvents' : 'WriteThrottleEvents'), 1);
      }
    }
  };

  return (answered) => {
    if (answered.service === 'kinesis') kinesis(answered);
    if (answered.service === 'dynamodb') dynamodb(answered);
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** By its name, or by the end of its ARN. */
function streamIn(request: Fields): string {
  return textIn(request, 'StreamName') ?? textIn(request, 'StreamARN')?.split('/').at(-1) ?? '';
}

/** The name of an error, without the name of its service's model. */
function typeOf(answer: Fields | undefined): string | undefined {
  return textIn(answer, '__type')?.split('#').at(-1);
}

function listIn(fields: Fields | undefined, name: string): readonly Fields[] {
  const list = fields?.[name];
  return Array.isArray(list) ? list.map((item) => (isObject(item) ? item : {})) : [];
}

function sizeOf(entry: Fields): number {
  return (
    Buffer.byteLength(textIn(entry, 'Data') ?? '', 'base64') +
    Buffer.byteLength(textIn(entry, 'PartitionKey') ?? '')
  );
}

function tablesOf(request: Fields | undefined): readonly string[] {
  const one = textIn(request, 'TableName');
  if (one !== undefined) return [one];
  const several = request?.RequestItems;
  return isObject(several) ? Object.keys(several) : [];
}
