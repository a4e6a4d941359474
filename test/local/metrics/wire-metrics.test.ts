import { seededRandom } from '../../../domain/numbers/random';
import { answeredOf } from '../../../emulators/on-answered';
import { serverErrorAnswer, throttlingAnswer } from '../../../local/fault-injection/error-answers';
import { wireMetrics } from '../../../local/metrics/wire-metrics';

type Service = 'kinesis' | 'dynamodb' | 's3';

function recorded(
  service: Service,
  operation: string,
  request: object,
  status: number,
  answer: object | Buffer,
) {
  const found: (readonly [string, number, number])[] = [];
  const tell = wireMetrics(['clicks-1'], ({ name, dimensions }, value, { count = 1 } = {}) => {
    if (count > 0) found.push([`${name} ${Object.values(dimensions).join('/')}`, value, count]);
  });
  const body = Buffer.isBuffer(answer) ? answer : Buffer.from(JSON.stringify(answer));
  tell(answeredOf({ service, operation, status }, Buffer.from(JSON.stringify(request)), body));
  return found;
}

const bytesOf = (body: object) => Buffer.from(JSON.stringify(body));
const entry = (bytes: number) => ({
  StreamName: 'clicks-1',
  Data: Buffer.alloc(bytes).toString('base64'),
  PartitionKey: 'key',
});
const puts = { StreamName: 'clicks-1', Records: [entry(10), entry(20), entry(30)] };
const throttled = { ErrorCode: 'ProvisionedThroughputExceededException' };

describe('What Kinesis is asked and answers gives', () => {
  it('the records and bytes that it took, and of each record whether its shard refused it', () => {
    const answer = { FailedRecordCount: 1, Records: [{ ShardId: 's' }, throttled, { ShardId: 's' }] };
    expect(recorded('kinesis', 'PutRecords', puts, 200, answer)).toEqual([
      ['WriteProvisionedThroughputExceeded clicks-1', 1, 1],
      ['WriteProvisionedThroughputExceeded clicks-1', 0, 2],
      ['IncomingRecords clicks-1', 2, 1],
      ['IncomingBytes clicks-1', 10 + 30 + 6, 1],
    ]);
  });

  it('no refusal by a shard for a failure of another kind', () => {
    const answer = { Records: [{ ErrorCode: 'InternalFailure' }, { ShardId: 's' }, { ShardId: 's' }] };
    expect(recorded('kinesis', 'PutRecords', puts, 200, answer)).toContainEqual([
      'WriteProvisionedThroughputExceeded clicks-1',
      0,
      3,
    ]);
  });

  it('the refusal of a whole request, of one record, and of a read', () => {
    const { status, body } = throttlingAnswer('kinesis', 'PutRecords', seededRandom('a'));
    expect(recorded('kinesis', 'PutRecords', puts, status, body)).toEqual([
      ['WriteProvisionedThroughputExceeded clicks-1', 1, 3],
    ]);
    expect(recorded('kinesis', 'PutRecord', entry(5), status, body)).toEqual([
      ['WriteProvisionedThroughputExceeded clicks-1', 1, 1],
    ]);
    expect(recorded('kinesis', 'GetRecords', {}, status, body)).toEqual([
      ['ReadProvisionedThroughputExceeded clicks-1', 1, 1],
    ]);
    expect(recorded('kinesis', 'GetRecords', {}, 200, { Records: [] })).toEqual([
      ['ReadProvisionedThroughputExceeded clicks-1', 0, 1],
    ]);
  });
});

it('Of several streams a read is counted by where its iterator comes from', () => {
  const found: string[] = [];
  const tell = wireMetrics(['clicks-1', 'alerts-2'], ({ name, dimensions }) =>
    found.push(`${name} ${dimensions.StreamName}`),
  );
  const told = (operation: string, request: object, answer: object) =>
    tell(answeredOf({ service: 'kinesis', operation, status: 200 }, bytesOf(request), bytesOf(answer)));
  told('GetShardIterator', { StreamName: 'alerts-2' }, { ShardIterator: 'a' });
  told('GetRecords', { ShardIterator: 'a' }, { Records: [], NextShardIterator: 'b' });
  told('GetRecords', { ShardIterator: 'b' }, { Records: [] });
  told('GetRecords', { ShardIterator: 'of nobody' }, { Records: [] });
  expect(found).toEqual(Array(2).fill('ReadProvisionedThroughputExceeded alerts-2'));
});

describe('What DynamoDB answers gives', () => {
  const request = { TableName: 'counters-2' };

  it.each(['a', 'b', 'c', 'd'])('a throttle event, in each of its two codes (seed %s)', (seed) => {
    const { status, body } = throttlingAnswer('dynamodb', 'PutItem', seededRandom(seed));
    expect(recorded('dynamodb', 'PutItem', request, status, body)).toEqual([
      ['WriteThrottleEvents counters-2', 1, 1],
    ]);
    expect(recorded('dynamodb', 'Query', request, status, body)).toEqual([
      ['ReadThrottleEvents counters-2', 1, 1],
    ]);
  });

  it('a system error, by operation, of each table of the request', () => {
    const { status, body } = serverErrorAnswer('dynamodb');
    expect(recorded('dynamodb', 'UpdateItem', request, status, body)).toEqual([
      ['SystemErrors counters-2/UpdateItem', 1, 1],
    ]);
    const batch = { RequestItems: { 'counters-2': {}, 'others-3': {} } };
    expect(recorded('dynamodb', 'BatchGetItem', batch, status, body)).toEqual([
      ['SystemErrors counters-2/BatchGetItem', 1, 1],
      ['SystemErrors others-3/BatchGetItem', 1, 1],
    ]);
  });

  it('nothing for a success, and for a condition that does not hold', () => {
    expect(recorded('dynamodb', 'PutItem', request, 200, {})).toEqual([]);
    const failed = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' };
    expect(recorded('dynamodb', 'PutItem', request, 400, failed)).toEqual([]);
  });
});
