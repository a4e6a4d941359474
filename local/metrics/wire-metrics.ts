import { isObject, textIn } from '../../domain/json/json-object';
import type { OnAnswered } from '../../emulators/on-answered';
import type { RecordMetric } from './metric-store';
import { streamMetric, systemErrors, tableMetric } from './service-metrics';

const throughputExceeded = 'ProvisionedThroughputExceededException';

/** Takes the metrics that Kinesis and DynamoDB take of the requests that they answer, and of those that they refuse. */
export function wireMetrics(streamName: string, record: RecordMetric): OnAnswered {
  const stream = (name: Parameters<typeof streamMetric>[1], value: number, count?: number): void =>
    record(streamMetric(streamName, name), value, count === undefined ? {} : { count });

  /** Of each record 1 if its shard refused it, else 0: the average is the share. */
  const put = (sizes: readonly number[], refusals: readonly unknown[]): void => {
    const refused = refusals.filter((code) => code === throughputExceeded).length;
    stream('WriteProvisionedThroughputExceeded', 1, refused);
    stream('WriteProvisionedThroughputExceeded', 0, refusals.length - refused);
    const accepted = sizes.filter((_, index) => refusals[index] === undefined);
    if (accepted.length === 0) return;
    stream('IncomingRecords', accepted.length);
    stream(
      'IncomingBytes',
      accepted.reduce((sum, size) => sum + size, 0),
    );
  };

  const kinesis: OnAnswered = ({ operation, request, status, answer }) => {
    // What was given out is long, and says nothing that counts here.
    const code = status === 200 ? undefined : typeOf(answer());
    if (operation === 'GetRecords') {
      stream('ReadProvisionedThroughputExceeded', status === 400 && code === throughputExceeded ? 1 : 0);
      return;
    }
    if (operation === 'PutRecord') {
      const asked = request();
      if (asked) put([sizeOf(asked)], [status === 200 ? undefined : code]);
      return;
    }
    if (operation !== 'PutRecords') return;
    const entries = listIn(request(), 'Records');
    const answered = status === 200 ? listIn(answer(), 'Records') : [];
    put(
      entries.map(sizeOf),
      entries.map((_, index) => (status === 200 ? answered[index]?.ErrorCode : code)),
    );
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
