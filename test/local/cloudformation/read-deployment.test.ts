import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDeployment } from '../../../local/cloudformation/read-deployment';
import { newFolder, pipeline, removeAssemblies, type TestTemplate, writeAssembly } from './assembly';

afterAll(removeAssemblies);

const read = (stacks: ReturnType<typeof pipeline>) => readDeployment(writeAssembly({ ...stacks }));

const without = (template: TestTemplate, ...logicalIds: string[]): TestTemplate => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).filter(([logicalId]) => !logicalIds.includes(logicalId)),
  ),
});

describe('reading what the templates ask for', () => {
  const dir = writeAssembly({ ...pipeline() });
  const deployment = readDeployment(dir);

  it('reads the stream', () => {
    expect(deployment.stream).toEqual({
      name: 'Stream-Clicks',
      arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/Stream-Clicks',
      mode: 'PROVISIONED',
      shardCount: 3,
      retentionHours: 48,
    });
  });

  it('opens four shards for a stream on demand', () => {
    const stacks = pipeline();
    stacks.Stream.Resources.Clicks!.Properties = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } };
    expect(read(stacks).stream).toMatchObject({ mode: 'ON_DEMAND', shardCount: 4, retentionHours: 24 });
  });

  it('reads the table', () => {
    expect(deployment.table).toEqual({
      name: 'Consumers-Counters',
      arn: 'arn:aws:dynamodb:us-east-1:000000000000:table/Consumers-Counters',
      partitionKey: 'pk',
      sortKey: 'sk',
    });
  });

  it('reads the buckets', () => {
    expect(deployment.buckets).toEqual([
      { logicalId: 'Archive', name: 'consumers-archive', arn: 'arn:aws:s3:::consumers-archive' },
      { logicalId: 'Failures', name: 'consumers-failures', arn: 'arn:aws:s3:::consumers-failures' },
    ]);
  });

  it('reads the functions that something invokes, and no others', () => {
    const roleArn = 'arn:aws:iam::000000000000:role/Consumers-Role';
    const assetPath = join(dir, 'asset.Consumers');
    expect(deployment.functions).toEqual([
      {
        name: 'Consumers-Aggregator',
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:Consumers-Aggregator',
        roleArn,
        assetPath,
        handler: 'index.handler',
        environment: { TABLE_NAME: 'Consumers-Counters', DAYS: '14' },
        timeoutSeconds: 30,
        memoryMiB: 512,
      },
      {
        name: 'Consumers-Transformer',
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:Consumers-Transformer',
        roleArn,
        assetPath,
        handler: 'src/main.run',
        environment: {},
        timeoutSeconds: 3,
        memoryMiB: 128,
      },
    ]);
  });

  it('reads the event source mapping', () => {
    expect(deployment.eventSourceMappings).toEqual([
      {
        application: 'Consumers',
        uuid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Consumers-Aggregator',
        streamArn: deployment.stream.arn,
        startingPosition: 'TRIM_HORIZON',
        batchSize: 700,
        maximumBatchingWindowSeconds: 5,
        maximumRetryAttempts: 9,
        maximumRecordAgeSeconds: 3600,
        bisectBatchOnFunctionError: true,
        reportBatchItemFailures: true,
        countsEvents: true,
        onFailureBucket: 'consumers-failures',
      },
    ]);
  });

  it("fills in Lambda's own defaults", () => {
    const stacks = pipeline();
    const { EventSourceArn, FunctionName } = stacks.Consumers.Resources.Mapping!.Properties!;
    stacks.Consumers.Resources.Mapping!.Properties = {
      EventSourceArn,
      FunctionName,
      StartingPosition: 'LATEST',
    };
    const [mapping] = read(stacks).eventSourceMappings;
    expect(mapping).toMatchObject({
      startingPosition: 'LATEST',
      batchSize: 100,
      maximumBatchingWindowSeconds: 0,
      maximumRetryAttempts: -1,
      maximumRecordAgeSeconds: -1,
      bisectBatchOnFunctionError: false,
      reportBatchItemFailures: false,
      countsEvents: false,
    });
    expect(mapping).not.toHaveProperty('onFailureBucket');
  });

  it('reads the delivery stream', () => {
    expect(deployment.deliveryStreams).toEqual([
      {
        application: 'Consumers',
        name: 'Consumers-Delivery',
        arn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/Consumers-Delivery',
        sourceStreamArn: deployment.stream.arn,
        bucket: 'consumers-archive',
        prefix: 'clicks/year=!{timestamp:yyyy}/',
        errorOutputPrefix: 'errors/!{firehose:error-output-type}/',
        bufferSizeMiB: 17,
        bufferIntervalSeconds: 61,
        compression: 'GZIP',
        fileExtension: '.json.gz',
        timeZone: 'UTC',
        processor: {
          functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Consumers-Transformer',
          bufferSizeMiB: 1.5,
          bufferIntervalSeconds: 7,
          retries: 2,
        },
      },
    ]);
  });

  it("fills in Firehose's own defaults", () => {
    const stacks = pipeline();
    const { BucketARN } = destinationOf(stacks.Consumers);
    stacks.Consumers.Resources.Delivery!.Properties!.ExtendedS3DestinationConfiguration = { BucketARN };
    const [delivery] = read(stacks).deliveryStreams;
    expect(delivery).toMatchObject({
      prefix: '',
      errorOutputPrefix: '',
      bufferSizeMiB: 5,
      bufferIntervalSeconds: 300,
      compression: 'UNCOMPRESSED',
      timeZone: 'UTC',
    });
    expect(delivery).not.toHaveProperty('processor');
    expect(delivery).not.toHaveProperty('fileExtension');
  });

  it('reads any number of applications, and tells the pipeline’s own by their stacks', () => {
    const { Stream, Consumers } = pipeline();
    const other = pipeline();
    other.Stream.Outputs = { Arn: { Value: { 'Fn::GetAtt': ['Clicks', 'Arn'] }, Export: { Name: 'logs' } } };
    const { Mapping, Counters } = other.Consumers.Resources;
    Mapping!.Properties!.EventSourceArn = { 'Fn::ImportValue': 'logs' };
    Counters!.Properties!.KeySchema = [{ AttributeName: 'pk', KeyType: 'HASH' }];
    other.Consumers.Outputs = {};

    const stacks = {
      'web-dev-logs': other.Stream,
      'web-dev-adapter': without(other.Consumers, 'Delivery'),
      'web-dev-stream': Stream,
      'web-dev-aggregation': without(Consumers, 'Delivery'),
      'web-dev-archive': without({ ...Consumers, Outputs: {} }, 'Mapping', 'Counters'),
    };
    const withAsset = (name: string, template: TestTemplate): TestTemplate =>
      JSON.parse(JSON.stringify(template).replaceAll('Consumers.zip', `${name}.zip`));
    const found = readDeployment(
      writeAssembly(
        Object.fromEntries(
          Object.entries(stacks).map(([name, template]) => [name, withAsset(name, template)]),
        ),
      ),
    );

    expect(found.streams.map(({ name }) => name)).toEqual(['web-dev-logs-Clicks', 'web-dev-stream-Clicks']);
    expect(found.stream).toBe(found.streams[1]);
    expect(found.tables.map(({ sortKey }) => sortKey)).toEqual([undefined, 'sk']);
    expect(found.table).toBe(found.tables[1]);
    expect(found.eventSourceMappings.map(({ application }) => application)).toEqual([
      'web-dev-adapter',
      'aggregation',
    ]);
    expect(found.eventSourceMappings[0]!.streamArn).toBe(found.streams[0]!.arn);
    expect(found.aggregatorMapping).toBe(found.eventSourceMappings[1]);
    expect(found.archive).toMatchObject({ application: 'archive', sourceStreamArn: found.stream.arn });
  });

  it('resolves the outputs, without those about what the laptop does not have', () => {
    expect(deployment.outputs).toEqual({
      Stream: { StreamName: 'Stream-Clicks', StreamArn: deployment.stream.arn },
      Consumers: { Bucket: 'consumers-archive' },
    });
  });

  it('gives the same names, ARNs and mapping ids at every start', () => {
    const again = read(pipeline());
    const withoutPaths = ({ functions, ...rest }: typeof deployment) => ({
      ...rest,
      functions: functions.map(({ assetPath: _path, ...one }) => one),
    });
    expect(withoutPaths(again)).toEqual(withoutPaths(deployment));
  });

  it('reads the stacks of a stage', () => {
    const outer = newFolder();
    mkdirSync(join(outer, 'assembly-prod'));
    writeAssembly({ ...pipeline() }, join(outer, 'assembly-prod'));
    const prod = { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-prod' } };
    writeFileSync(join(outer, 'manifest.json'), JSON.stringify({ artifacts: { prod } }));
    expect(readDeployment(outer).stream).toEqual(deployment.stream);
  });

  it('says so when there is no assembly', () => {
    expect(() => readDeployment('/nowhere')).toThrow(
      'no cloud assembly in /nowhere: there is no manifest.json',
    );
  });
});

const destinationOf = (template: TestTemplate) =>
  template.Resources.Delivery!.Properties!.ExtendedS3DestinationConfiguration as Record<string, unknown>;

type Change = (stacks: ReturnType<typeof pipeline>) => void;

/** Sets properties of one resource. */
const set =
  (logicalId: string, properties: object): Change =>
  ({ Stream, Consumers }) => {
    const resource = Stream.Resources[logicalId] ?? Consumers.Resources[logicalId]!;
    resource.Properties = { ...resource.Properties, ...properties };
  };
const setDestination =
  (properties: object): Change =>
  ({ Consumers }) =>
    Object.assign(destinationOf(Consumers), properties);
/** A conversion into the columns of a table that is added, and what else its destination says. */
const setConversion =
  (conversion: object, rest: object = {}): Change =>
  (stacks) => {
    const Columns = [
      { Name: 'eventid', Type: 'string' },
      { Name: 'place', Type: 'bigint' },
    ];
    stacks.Stream.Resources.Archived = {
      Type: 'AWS::Glue::Table',
      Properties: {
        DatabaseName: 'clicks',
        TableInput: { Name: 'archive', StorageDescriptor: { Columns } },
      },
    };
    const OpenXJsonSerDe = { CaseInsensitive: false, ColumnToJsonKeyMappings: { eventid: 'eventId' } };
    setDestination({
      CompressionFormat: 'UNCOMPRESSED',
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
      DataFormatConversionConfiguration: {
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
        SchemaConfiguration: { DatabaseName: 'clicks', TableName: 'archive', VersionId: 'LATEST' },
        ...conversion,
      },
      ...rest,
    })(stacks);
  };
const setProcessing = (processing: object) =>
  setDestination({ ProcessingConfiguration: { Enabled: true, ...processing } });
const setParameter = (name: string, value: unknown) =>
  setProcessing({
    Processors: [{ Type: 'Lambda', Parameters: [{ ParameterName: name, ParameterValue: value }] }],
  });

const streamPlace = 'stack Stream, resource Clicks (AWS::Kinesis::Stream): ';
const tablePlace = 'stack Consumers, resource Counters (AWS::DynamoDB::GlobalTable): ';
const bucketPlace = 'stack Consumers, resource Archive (AWS::S3::Bucket): ';
const functionPlace = 'stack Consumers, resource Aggregator (AWS::Lambda::Function): ';
const mappingPlace = 'stack Consumers, resource Mapping (AWS::Lambda::EventSourceMapping): ';
const deliveryPlace = 'stack Consumers, resource Delivery (AWS::KinesisFirehose::DeliveryStream): ';
const destination = `${deliveryPlace}ExtendedS3DestinationConfiguration.`;

const refusals: [string, Change, string][] = [
  [
    'a property that nobody thought of',
    set('Clicks', { Sparkle: true }),
    `${streamPlace}Sparkle = true cannot be honoured on the laptop; supported: nothing is known about this property`,
  ],
  [
    'a property named like a method of objects',
    set('Clicks', { constructor: 1 }),
    `${streamPlace}constructor = 1`,
  ],
  [
    'records above 1 MiB',
    set('Clicks', { MaxRecordSizeInKiB: 2048 }),
    `${streamPlace}MaxRecordSizeInKiB = 2048`,
  ],
  ['a retention too short', set('Clicks', { RetentionPeriodHours: 12 }), 'a whole number from 24 to 8760'],
  [
    'shards of a stream on demand',
    set('Clicks', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
    `${streamPlace}ShardCount = 3`,
  ],
  [
    'an unknown mode',
    set('Clicks', { StreamModeDetails: { StreamMode: 'TURBO' } }),
    'PROVISIONED or ON_DEMAND',
  ],
  ['an index', set('Counters', { GlobalSecondaryIndexes: [] }), `${tablePlace}GlobalSecondaryIndexes`],
  ['a stream of the table', set('Counters', { StreamSpecification: {} }), `${tablePlace}StreamSpecification`],
  ['a second replica', set('Counters', { Replicas: [{}, {}] }), 'supported: one replica'],
  [
    'a replica elsewhere',
    set('Counters', { Replicas: [{ Region: 'eu-west-1' }] }),
    'Replicas[0].Region = "eu-west-1"',
  ],
  [
    'a key of numbers',
    set('Counters', { AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'N' }] }),
    'type S for the key pk',
  ],
  [
    'a table without a partition key',
    set('Counters', { KeySchema: [{ AttributeName: 'pk', KeyType: 'RANGE' }] }),
    'supported: a HASH key',
  ],
  [
    'notifications',
    set('Archive', { NotificationConfiguration: {} }),
    `${bucketPlace}NotificationConfiguration`,
  ],
  [
    'another language',
    set('Aggregator', { Runtime: 'python3.13' }),
    `${functionPlace}Runtime = "python3.13"`,
  ],
  ['layers', set('Aggregator', { Layers: ['arn'] }), `${functionPlace}Layers`],
  ['inline code', set('Aggregator', { Code: { ZipFile: 'x' } }), `${functionPlace}Code.ZipFile = "x"`],
  [
    'code that is not in the assembly',
    set('Aggregator', { Code: { S3Key: 'gone.zip' } }),
    'Code.S3Key = "gone.zip"',
  ],
  ['a time-out beyond 15 minutes', set('Aggregator', { Timeout: 901 }), 'a whole number from 1 to 900'],
  [
    'several batches of a shard at once',
    set('Mapping', { ParallelizationFactor: 10 }),
    `${mappingPlace}ParallelizationFactor = 10 cannot be honoured on the laptop; supported: 1 (`,
  ],
  [
    'tumbling windows',
    set('Mapping', { TumblingWindowInSeconds: 60 }),
    `${mappingPlace}TumblingWindowInSeconds = 60`,
  ],
  ['filters', set('Mapping', { FilterCriteria: { Filters: [] } }), `${mappingPlace}FilterCriteria`],
  ['a mapping switched off', set('Mapping', { Enabled: false }), `${mappingPlace}Enabled = false`],
  [
    'a destination that is not a bucket',
    set('Mapping', { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:1:queue' } } }),
    `${mappingPlace}DestinationConfig.OnFailure.Destination = "arn:aws:sqs:us-east-1:1:queue"`,
  ],
  [
    'a consumer with enhanced fan-out',
    set('Mapping', { EventSourceArn: 'arn:aws:kinesis:us-east-1:1:stream/s/consumer/c:1' }),
    'no consumer with enhanced fan-out',
  ],
  ['a start at a timestamp', set('Mapping', { StartingPosition: 'AT_TIMESTAMP' }), 'TRIM_HORIZON or LATEST'],
  ['an unknown function', set('Mapping', { FunctionName: 'other' }), `${mappingPlace}FunctionName = "other"`],
  ['a batch too large', set('Mapping', { BatchSize: 10_001 }), 'a whole number from 1 to 10000'],
  ['a batch of no number', set('Mapping', { BatchSize: 'many' }), `${mappingPlace}BatchSize = "many"`],
  [
    'an age below a minute',
    set('Mapping', { MaximumRecordAgeInSeconds: 59 }),
    'a whole number from 60 to 604800, or -1',
  ],
  [
    'an unknown response type',
    set('Mapping', { FunctionResponseTypes: ['Other'] }),
    'supported: ["ReportBatchItemFailures"]',
  ],
  ['direct puts', set('Delivery', { DeliveryStreamType: 'DirectPut' }), `${deliveryPlace}DeliveryStreamType`],
  [
    'a destination that is not run',
    set('Delivery', { RedshiftDestinationConfiguration: {} }),
    'no such destination here',
  ],
  [
    'two destinations',
    set('Delivery', { SplunkDestinationConfiguration: {} }),
    `${deliveryPlace}ExtendedS3DestinationConfiguration`,
  ],
  [
    'dynamic partitioning',
    setDestination({ DynamicPartitioningConfiguration: { Enabled: true } }),
    `${destination}DynamicPartitioningConfiguration = {"Enabled":true}`,
  ],
  [
    'a conversion of what is compressed',
    setDestination({ DataFormatConversionConfiguration: {} }),
    `${destination}CompressionFormat = "GZIP"`,
  ],
  [
    'a conversion from a small buffer',
    setConversion({}, { BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 60 } }),
    `${destination}BufferingHints.SizeInMBs = 63`,
  ],
  [
    'a conversion to ORC',
    setConversion({ OutputFormatConfiguration: { Serializer: { OrcSerDe: {} } } }),
    'OrcSerDe = {} cannot be honoured on the laptop; supported: leave it out (Parquet only)',
  ],
  [
    'a conversion by names whatever their case',
    setConversion({ InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } } }),
    'OpenXJsonSerDe.CaseInsensitive is missing',
  ],
  [
    'a conversion by the columns of nothing',
    setConversion({ SchemaConfiguration: { DatabaseName: 'clicks', TableName: 'archived' } }),
    'SchemaConfiguration.TableName = "archived"',
  ],
  [
    'a backup of the source',
    setDestination({ S3BackupMode: 'Enabled' }),
    `${destination}S3BackupMode = "Enabled"`,
  ],
  ['another compression', setDestination({ CompressionFormat: 'Snappy' }), 'supported: GZIP or UNCOMPRESSED'],
  ['half of the buffering hints', setDestination({ BufferingHints: { SizeInMBs: 5 } }), 'both SizeInMBs and'],
  [
    'an unknown time zone',
    setDestination({ CustomTimeZone: 'Mars/Base' }),
    `${destination}CustomTimeZone = "Mars/Base"`,
  ],
  [
    'a bucket of somebody else',
    setDestination({ BucketARN: 'arn:aws:s3:::other' }),
    `${destination}BucketARN = "arn:aws:s3:::other"`,
  ],
  ['two processors', setProcessing({ Processors: [{}, {}] }), 'one processor of type Lambda'],
  [
    'another processor',
    setProcessing({ Processors: [{ Type: 'AppendDelimiterToRecord' }] }),
    `${destination}ProcessingConfiguration.Processors[0].Type = "AppendDelimiterToRecord"`,
  ],
  ['an unknown parameter', setParameter('Delimiter', 'x'), 'Processors[0].Parameters.Delimiter = "x"'],
  ['a processor without a function', setParameter('RoleArn', 'x'), 'Parameters.LambdaArn is missing'],
];

describe('a conversion to columns', () => {
  it('has the columns of its table, and the members that they are mapped to', () => {
    const stacks = pipeline();
    setConversion({})(stacks);
    expect(read(stacks).archive.parquet).toEqual([
      { name: 'eventid', member: 'eventId', type: 'text' },
      { name: 'place', member: 'place', type: 'integer' },
    ]);
  });

  it('is none where it is switched off', () => {
    const stacks = pipeline();
    setDestination({ DataFormatConversionConfiguration: { Enabled: 'false' } })(stacks);
    expect(read(stacks).archive).not.toHaveProperty('parquet');
  });
});

describe('what the laptop cannot honour', () => {
  it.each(refusals)('%s is refused, and named', (_case, change, message) => {
    const stacks = pipeline();
    change(stacks);
    expect(() => read(stacks)).toThrow(message);
  });

  it('numbers and booleans as text are accepted, as CloudFormation does', () => {
    const stacks = pipeline();
    set('Mapping', { ParallelizationFactor: '1', Enabled: 'true', BatchSize: '12' })(stacks);
    expect(read(stacks).eventSourceMappings[0]?.batchSize).toBe(12);
  });

  it('a type of resource that may move records is refused', () => {
    const stacks = pipeline();
    stacks.Consumers.Resources.Pipe = { Type: 'AWS::Pipes::Pipe' };
    expect(() => read(stacks)).toThrow('stack Consumers, resource Pipe (AWS::Pipes::Pipe)');
  });

  it('a resource under a condition is refused', () => {
    const stacks = pipeline();
    stacks.Consumers.Resources.Archive!.Condition = 'IsProd';
    expect(() => read(stacks)).toThrow(
      'resource Archive (AWS::S3::Bucket): Condition IsProd is not supported',
    );
  });

  it.each([
    ['Clicks', 'Stream', 'one AWS::Kinesis::Stream, or one in the stack "…-stream", for the laptop'],
    [
      'Counters',
      'Consumers',
      'one AWS::DynamoDB::Table, or one in the stack "…-aggregation", for the laptop',
    ],
  ] as const)('templates without %s are refused', (logicalId, stack, message) => {
    const stacks = pipeline();
    delete stacks[stack].Resources[logicalId];
    stacks.Stream.Outputs = { A: { Value: 'arn', Export: { Name: 'Stream:Arn' } } };
    delete stacks.Consumers.Resources.Mapping;
    delete stacks.Consumers.Resources.Delivery;
    expect(() => read(stacks)).toThrow(message);
  });

  it('two streams are refused if neither stack is the pipeline’s', () => {
    const { Stream, Consumers } = pipeline();
    const second = { Resources: { Clicks: Stream.Resources.Clicks! } };
    expect(() => readDeployment(writeAssembly({ Stream, Consumers, second }))).toThrow(
      'for the laptop to run, found Stream-Clicks, second-Clicks',
    );
  });
});
