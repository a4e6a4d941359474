import * as fc from 'fast-check';

/** A request that a client could send, and that none of the services was made for. */
export interface OddRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const authorization =
  'AWS4-HMAC-SHA256 Credential=S3RVER/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';

/** What a field holds that should hold something else. */
const odd = fc.oneof(
  { depthSize: 'small', withCrossShrink: true },
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e308, 2 ** 53, '', [], {}, [null], [[]], [{}]),
  fc.constantFrom('__proto__', 'constructor', 'map', 'toString', '\0', '\ud800', '..', 'a'.repeat(3000)),
  fc.constantFrom('9'.repeat(129), '1e400', 'NaN', '-0', '0x10', 'A===', 'AAAA'),
  fc.constantFrom(
    'clicks',
    'counters',
    'shardId-000000000000',
    'shardId-000000000001',
    'shardId-99999999999',
  ),
  fc.jsonValue({ depthSize: 'small' }),
);
const mostly = (usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: odd });
/** Stands for an attribute of so many levels, which `toJson` writes: `JSON.stringify` has no stack for it. */
const nested = fc.constantFrom(30, 100, 1_000, 3_000, 9_000).map((depth) => ({ S: `nested ${depth}` }));
const toJson = (input: unknown): string =>
  JSON.stringify(input).replace(/\{"S":"nested (\d+)"\}/g, (_text, depth: string) => {
    return `${'{"L":['.repeat(Number(depth))}{"S":"x"}${']}'.repeat(Number(depth))}`;
  });

const attribute = mostly(
  fc.oneof(
    fc.constantFrom<unknown>(
      { S: 'x' },
      { S: '' },
      { N: '1' },
      { N: '1e999' },
      { B: 'AAAA' },
      { NULL: false },
    ),
    fc.constantFrom<unknown>(
      { SS: ['a', 'a'] },
      { NS: ['1', 'x'] },
      { BS: [] },
      { S: 'x', N: '1' },
      { X: 1 },
    ),
    nested,
  ),
);
const key = mostly(
  fc.constantFrom<unknown>({ pk: { S: 'a' }, sk: { S: 'b' } }, { pk: { S: 'a' } }, { pk: { N: '1' } }),
);
const expression = fc
  .tuple(
    fc.constantFrom(
      ...[
        'a = :a',
        '#a = :a',
        'attribute_exists(a.b[0])',
        'size(a) > :a',
        'a BETWEEN :a AND :a',
        'a IN (:a, :a)',
      ],
      ...['NOT contains(a, :a)', 'pk = :a AND sk > :a', 'pk = :a AND begins_with(sk, :a)', 'a.b.c[1], d'],
      ...[
        'SET a = :a',
        'SET a.b[0] = if_not_exists(a, :a) + :a',
        'REMOVE a[4294967295]',
        'ADD a :a',
        'DELETE a :a',
      ],
      ...['SET __proto__ = :a', '__proto__.constructor', '((((((((((', '((((((((((a = :a))))))))))'],
    ),
    fc.nat(),
    fc.constantFrom('', '', '(', ')', 'NOT ', ' AND ', '#', ':', '\0', '('.repeat(3000)),
  )
  .map(([text, at, added]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + added + text.slice(place);
  });

type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;

const dynamodbFields: Fields = {
  TableName: mostly(fc.constant('counters')),
  Key: key,
  Item: mostly(attribute.map((a) => ({ pk: { S: 'a' }, sk: { S: 'b' }, a }))),
  ConditionExpression: mostly(expression),
  UpdateExpression: mostly(expression),
  KeyConditionExpression: mostly(expression),
  FilterExpression: mostly(expression),
  ProjectionExpression: mostly(expression),
  ExpressionAttributeValues: mostly(attribute.map((a) => ({ ':a': a }))),
  ExpressionAttributeNames: mostly(odd.map((name) => ({ '#a': name }))),
  ExclusiveStartKey: key,
  Limit: odd,
  Select: odd,
  Segment: odd,
  TotalSegments: odd,
  ReturnValues: mostly(fc.constantFrom('ALL_OLD', 'ALL_NEW', 'UPDATED_NEW')),
  IndexName: odd,
  AttributesToGet: odd,
  Expected: mostly(
    attribute.map((a) => ({ a: { ComparisonOperator: 'BETWEEN', AttributeValueList: [a, a] } })),
  ),
  AttributeUpdates: mostly(attribute.map((a) => ({ a: { Action: 'ADD', Value: a } }))),
  RequestItems: mostly(
    fc.oneof(
      key.map((k) => ({ counters: { Keys: [k, k] } })),
      key.map((k) => ({ counters: [{ PutRequest: { Item: k } }, { DeleteRequest: { Key: k } }] })),
    ),
  ),
  AttributeDefinitions: mostly(fc.constant([{ AttributeName: 'pk', AttributeType: 'S' }])),
  KeySchema: mostly(fc.constant([{ AttributeName: 'pk', KeyType: 'HASH' }])),
  BillingMode: mostly(fc.constant('PAY_PER_REQUEST')),
  GlobalSecondaryIndexes: odd,
  ResourceArn: mostly(fc.constant('arn:aws:dynamodb:us-east-1:000000000000:table/counters')),
  Tags: mostly(fc.constant([{ Key: 'a', Value: 'b' }])),
};

const kinesisFields: Fields = {
  StreamName: mostly(fc.constant('clicks')),
  Data: mostly(fc.constant('AAAA')),
  PartitionKey: mostly(fc.constant('visitor')),
  ExplicitHashKey: odd,
  SequenceNumberForOrdering: odd,
  Records: mostly(
    odd.map((hash) => [{ Data: 'AAAA', PartitionKey: 'visitor', ExplicitHashKey: hash }, hash]),
  ),
  ShardId: mostly(fc.constant('shardId-000000000000')),
  ShardIteratorType: mostly(fc.constantFrom('TRIM_HORIZON', 'AT_TIMESTAMP', 'AFTER_SEQUENCE_NUMBER')),
  StartingSequenceNumber: odd,
  Timestamp: odd,
  ShardIterator: mostly(fc.constantFrom('AAAAAAAAAAGK', `AAAAAAAAAAH2${'A'.repeat(200)}`)),
  Limit: odd,
  // A new stream of every third request makes the last ones slow.
  ShardCount: fc.constantFrom<unknown>(0, -1, 1.5, 10_000_000, '1', null),
  ShardToSplit: mostly(fc.constant('shardId-000000000000')),
  NewStartingHashKey: odd,
  ShardToMerge: mostly(fc.constant('shardId-000000000000')),
  AdjacentShardToMerge: odd,
  NextToken: odd,
  MaxResults: odd,
  ExclusiveStartShardId: odd,
  ExclusiveStartStreamName: odd,
  Tags: mostly(odd.map((tag) => ({ a: tag }))),
  TagKeys: odd,
  RetentionPeriodHours: odd,
};

const firehoseFields: Fields = {
  DeliveryStreamName: odd,
  ExclusiveStartDeliveryStreamName: odd,
  Limit: odd,
  Record: odd,
  Records: odd,
};

/** By operation, the fields that it cannot do without. Nothing here removes what the pipeline stands on. */
const dynamodbOperations: Readonly<Record<string, readonly string[]>> = {
  GetItem: ['TableName', 'Key'],
  PutItem: ['TableName', 'Item'],
  UpdateItem: ['TableName', 'Key'],
  DeleteItem: ['TableName', 'Key'],
  Query: ['TableName', 'KeyConditionExpression', 'ExpressionAttributeValues'],
  Scan: ['TableName'],
  BatchGetItem: ['RequestItems'],
  BatchWriteItem: ['RequestItems'],
  CreateTable: ['TableName', 'AttributeDefinitions', 'KeySchema'],
  DescribeTable: ['TableName'],
  UpdateTable: ['TableName'],
  TagResource: ['ResourceArn', 'Tags'],
  ListTables: [],
  TransactWriteItems: [],
};
const kinesisOperations: Readonly<Record<string, readonly string[]>> = {
  PutRecord: ['StreamName', 'Data', 'PartitionKey'],
  PutRecords: ['StreamName', 'Records'],
  GetShardIterator: ['StreamName', 'ShardId', 'ShardIteratorType'],
  GetRecords: ['ShardIterator'],
  SplitShard: ['StreamName', 'ShardToSplit', 'NewStartingHashKey'],
  MergeShards: ['StreamName', 'ShardToMerge', 'AdjacentShardToMerge'],
  CreateStream: ['StreamName', 'ShardCount'],
  DescribeStream: ['StreamName'],
  DescribeStreamSummary: ['StreamName'],
  ListShards: ['StreamName'],
  ListStreams: [],
  AddTagsToStream: ['StreamName', 'Tags'],
  RemoveTagsFromStream: ['StreamName', 'TagKeys'],
  IncreaseStreamRetentionPeriod: ['StreamName', 'RetentionPeriodHours'],
};
const firehoseOperations: Readonly<Record<string, readonly string[]>> = {
  ListDeliveryStreams: [],
  DescribeDeliveryStream: ['DeliveryStreamName'],
  PutRecordBatch: ['DeliveryStreamName', 'Records'],
};

function jsonRequests(
  prefix: string,
  contentTypes: readonly string[],
  operations: Readonly<Record<string, readonly string[]>>,
  fields: Fields,
): fc.Arbitrary<OddRequest> {
  const input = (operation: string) =>
    fc.subarray(Object.keys(fields), { maxLength: 3 }).chain((others) => {
      const names = new Set([...operations[operation]!, ...others]);
      return fc.record(Object.fromEntries([...names].map((name) => [name, fields[name]!])));
    });
  return fc
    .record({
      operation: fc.constantFrom(...Object.keys(operations)),
      contentType: fc.constantFrom(...contentTypes),
      method: fc.oneof(
        { weight: 40, arbitrary: fc.constant('POST') },
        { weight: 1, arbitrary: fc.constantFrom('GET', 'PUT', 'DELETE', 'PATCH', 'HEAD') },
      ),
    })
    .chain(({ operation, contentType, method }) => {
      const body = fc.oneof(
        { weight: 30, arbitrary: input(operation).map(toJson) },
        { weight: 1, arbitrary: input(operation).map((fields) => toJson(fields).slice(1)) },
        { weight: 1, arbitrary: fc.constantFrom('', 'null', '0', '[]', '['.repeat(20_000), '\0') },
      );
      const target = fc.oneof(
        { weight: 30, arbitrary: fc.constant(`${prefix}.${operation}`) },
        { weight: 1, arbitrary: fc.constantFrom('', '.', `${prefix}.__proto__`, `${prefix}.constructor`) },
      );
      return fc.record({
        method: fc.constant(method),
        path: fc.constantFrom('/', '/', '/', '//', '/%', '/?a=b&a=c', `/?${'a'.repeat(5000)}`),
        headers: target.map((name) => ({
          authorization,
          'x-amz-date': '20260101T000000Z',
          'content-type': contentType,
          'x-amz-target': name,
        })),
        body: method === 'GET' || method === 'HEAD' ? fc.constant('') : body,
      });
    });
}

const segment = fc.constantFrom(
  ...['archive', 'archive', 'archive', 'a', '..', '.', '%2e%2e', '..%2f..', '%00', '%', '%ff', 'a%2fb', ''],
  ...['x'.repeat(300), '__proto__', 'on-failure', '._S3rver_object', `${'a'.repeat(60)}!`],
);
const query = fc.constantFrom(
  ...['delete', 'uploads', 'uploadId=abc', 'uploadId=..%2f..&partNumber=..%2fx', 'partNumber=99'],
  ...[`uploadId=${'a'.repeat(32)}&partNumber=1`, 'uploadId=a&uploadId=b&partNumber=1&partNumber=2'],
  ...['list-type=2', 'list-type=2&continuation-token=abc', 'list-type=2&list-type=2', 'prefix=a&prefix=b'],
  ...[
    'marker=x',
    'max-keys=abc',
    'max-keys=-1',
    'max-keys=0',
    'prefix=../',
    'delimiter=/',
    'cors',
    'website',
  ],
  ...['tagging', 'acl', 'location', 'versions', 'select', 'x-amz-copy-source=/archive/../../x'],
  ...['X-Amz-Algorithm=x', 'X-Amz-Algorithm=AWS4-HMAC-SHA256', 'Signature=x', 'response-content-type=a'],
);
const s3Header = fc.constantFrom<readonly [string, string]>(
  ...(['bytes=0-', 'bytes=-5', 'bytes=abc', 'bytes=99999-'] as const).map(
    (range) => ['range', range] as const,
  ),
  ...(['/archive/a', '../../x', '%', '/', 'none/a'] as const).map(
    (from) => ['x-amz-copy-source', from] as const,
  ),
  ...(['AWS x:y', 'AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 Credential=,SignedHeaders=,Signature='] as const).map(
    (given) => ['authorization', given] as const,
  ),
  ['x-amz-copy-source-range', 'x'],
  ['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
  ['x-amz-decoded-content-length', 'x'],
  ['x-amz-website-redirect-location', '/x'],
  ['content-type', 'multipart/form-data'],
  ['content-type', 'multipart/form-data; boundary=x'],
  ['if-modified-since', 'x'],
  ['x-amz-metadata-directive', 'REPLACE'],
);
const formPart = (name: string, value: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const s3Body = fc.constantFrom(
  ...[
    '',
    'hello',
    '<a>'.repeat(5000),
    '<Delete><Object/></Delete>',
    '<Delete><Object><Key>1</Key></Object></Delete>',
  ],
  '<Delete><Object><Key>../../x</Key></Object></Delete>',
  '<CompleteMultipartUpload><Part><PartNumber>99</PartNumber><ETag>"x"</ETag></Part></CompleteMultipartUpload>',
  '<CompleteMultipartUpload><Part/></CompleteMultipartUpload>',
  '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  '5;chunk-signature=0\r\nhello\r\n0;chunk-signature=0\r\n\r\n',
  'zz;\r\n',
  '<WebsiteConfiguration><IndexDocument><Suffix>i</Suffix></IndexDocument></WebsiteConfiguration>',
  '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
  `${formPart('key', 'k'.repeat(300))}${formPart('file', 'v')}--x--`,
  `${formPart('key', '../../../k')}${formPart('file', 'v')}--x--`,
  `${formPart('file', 'v')}--x--`,
);

const s3Requests: fc.Arbitrary<OddRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'PUT', 'DELETE', 'POST', 'HEAD', 'PATCH'),
    segments: fc.array(segment, { maxLength: 4 }),
    queries: fc.array(query, { maxLength: 2 }),
    headers: fc.array(s3Header, { maxLength: 2 }),
    body: s3Body,
  })
  // The bucket stays, and what is in it is written by name only.
  .filter(({ method, segments }) => method !== 'DELETE' || segments.length > 2)
  .map(({ method, segments, queries, headers, body }) => ({
    method,
    path: `/${segments.join('/')}${queries.length > 0 ? `?${queries.join('&')}` : ''}`,
    headers: {
      authorization,
      'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      ...Object.fromEntries(headers),
    },
    body: method === 'GET' || method === 'HEAD' ? '' : body,
  }));

const amzJson = (version: string) => `application/x-amz-json-${version}`;

/** By service, requests of all kinds. */
export const oddRequests: Readonly<
  Record<'kinesis' | 'dynamodb' | 's3' | 'firehose', fc.Arbitrary<OddRequest>>
> = {
  kinesis: jsonRequests(
    'Kinesis_20131202',
    [amzJson('1.1'), amzJson('1.1'), 'application/x-amz-cbor-1.1', 'application/json'],
    kinesisOperations,
    kinesisFields,
  ),
  dynamodb: jsonRequests('DynamoDB_20120810', [amzJson('1.0')], dynamodbOperations, dynamodbFields),
  s3: s3Requests,
  firehose: jsonRequests('Firehose_20150804', [amzJson('1.1')], firehoseOperations, firehoseFields),
};
