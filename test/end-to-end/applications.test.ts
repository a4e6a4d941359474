import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { dataDirAt } from '../../emulators/data-dir';
import { readDeployment } from '../../local/cloudformation/read-deployment';
import { startPipeline } from '../../local/pipeline';
import { removeAssemblies, type TestTemplate, writeAssembly } from '../local/cloudformation/assembly';
import { aggregationSettings } from '../support/aggregation-settings-factory';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('applications');
afterAll(removeAssemblies);

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const importOf = (name: string) => ({ 'Fn::ImportValue': name });

/** A stack with one function, which one mapping calls for the records of a stream. */
function consumer(
  stack: string,
  stream: string,
  environment: object,
  others: TestTemplate['Resources'] = {},
): TestTemplate {
  return {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
      Handler: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { S3Bucket: 'assets', S3Key: `${stack}.zip` },
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Role: arnOf('Role'),
          Timeout: 10,
          MemorySize: 256,
          Environment: { Variables: environment },
        },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: importOf(stream),
          FunctionName: { Ref: 'Handler' },
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 7,
        },
      },
      ...others,
    },
  };
}

const stream = (shards: number, exportName: string): TestTemplate => ({
  Resources: { Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: shards } } },
  Outputs: { StreamArn: { Value: arnOf('Stream'), Export: { Name: exportName } } },
});

const table = (...keys: string[]): TestTemplate['Resources'][string] => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keys.map((AttributeName, index) => ({
      AttributeName,
      KeyType: index === 0 ? 'HASH' : 'RANGE',
    })),
  },
});

const settings = aggregationSettings({ minutesForDays: 0, deduplicationSeconds: 0 });

/** Of each stack, its template and the code of its function. */
const stacks = {
  'web-test-stream': { template: stream(2, 'clicks') },
  'web-test-aggregation': {
    template: {
      ...consumer('web-test-aggregation', 'clicks', {}, { Counters: table('pk', 'sk') }),
      Outputs: { AggregatorSettings: { Value: JSON.stringify(settings) } },
    },
    code: 'exports.handler = async () => ({});',
  },
  'web-test-archive': {
    template: {
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
        Archive: { Type: 'AWS::S3::Bucket' },
        Delivery: {
          Type: 'AWS::KinesisFirehose::DeliveryStream',
          Properties: {
            DeliveryStreamType: 'KinesisStreamAsSource',
            KinesisStreamSourceConfiguration: {
              KinesisStreamARN: importOf('clicks'),
              RoleARN: arnOf('Role'),
            },
            ExtendedS3DestinationConfiguration: { BucketARN: arnOf('Archive'), RoleARN: arnOf('Role') },
          },
        },
      },
    },
  },
  'web-test-logs': { template: stream(1, 'logs') },
  /** Turns what is in the second stream into records of the first. */
  'web-test-adapter': {
    template: consumer('web-test-adapter', 'logs', { STREAM: 'web-test-stream-Stream' }),
    code: `
      const { KinesisClient, PutRecordCommand } = require('${require.resolve('@aws-sdk/client-kinesis')}');
      const { NodeHttpHandler } = require('${require.resolve('@smithy/node-http-handler')}');
      const client = new KinesisClient({ requestHandler: new NodeHttpHandler() });
      exports.handler = async ({ Records }) => {
        for (const { kinesis } of Records) {
          const line = Buffer.from(kinesis.data, 'base64').toString();
          const Data = Buffer.from('click of ' + line);
          await client.send(new PutRecordCommand({ StreamName: process.env.STREAM, PartitionKey: line, Data }));
        }
        return {};
      };`,
  },
  /** Keeps records in a table and a bucket of its own, and cannot reach what the laptop does not have. */
  'web-test-alerts': {
    template: consumer(
      'web-test-alerts',
      'clicks',
      { TABLE: { Ref: 'Seen' }, BUCKET: { Ref: 'Notes' } },
      { Seen: table('click'), Notes: { Type: 'AWS::S3::Bucket' } },
    ),
    code: `
      const { DynamoDBClient, PutItemCommand } = require('${require.resolve('@aws-sdk/client-dynamodb')}');
      const { S3Client, PutObjectCommand } = require('${require.resolve('@aws-sdk/client-s3')}');
      const { CloudFormationClient, ListStacksCommand } = require('${require.resolve('@aws-sdk/client-cloudformation')}');
      const [tables, objects] = [new DynamoDBClient({}), new S3Client({})];
      exports.handler = async ({ Records }) => {
        for (const { kinesis } of Records) {
          const click = Buffer.from(kinesis.data, 'base64').toString();
          await tables.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { click: { S: click } } }));
          await objects.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: click, Body: click }));
        }
        const elsewhere = new CloudFormationClient({ maxAttempts: 1 });
        await elsewhere.send(new ListStacksCommand({})).catch((error) => console.log('elsewhere: ' + error.code));
        return {};
      };`,
  },
} satisfies Readonly<Record<string, { readonly template: TestTemplate; readonly code?: string }>>;

describe('A pipeline with four applications on two streams', () => {
  it('runs them all on the laptop, and drains through both streams to the last of them', async () => {
    const assembly = writeAssembly(
      Object.fromEntries(Object.entries(stacks).map(([name, { template }]) => [name, template])),
    );
    for (const [name, stack] of Object.entries(stacks)) {
      if ('code' in stack) writeFileSync(join(assembly, `asset.${name}`, 'index.js'), stack.code);
    }
    const dir = dataDirAt(join(folder, 'state'));
    mkdirSync(dir.path);
    const pipeline = await startPipeline(readDeployment(assembly), dir, { port: 0 });
    const { kinesis, dynamodb, s3 } = pipeline.clients;
    const lines = Array.from({ length: 23 }, (_, n) => `line-${n}`);
    await kinesis.send(
      new PutRecordsCommand({
        StreamName: 'web-test-logs-Stream',
        Records: lines.map((line) => ({ PartitionKey: line, Data: Buffer.from(line) })),
      }),
    );
    await pipeline.drain(() => {});

    const clicks = lines.map((line) => `click of ${line}`).sort();
    const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: 'web-test-alerts-Seen' }));
    expect(Items.map(({ click }) => click!.S).sort()).toEqual(clicks);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'web-test-alerts-notes' }));
    expect(Contents.map(({ Key }) => Key).sort()).toEqual(clicks);
    const { aggregator, archive, others, faults } = pipeline.status();
    expect({ aggregator, archive, faults }).toMatchObject({
      aggregator: { delivered: 23, discarded: 0 },
      archive: { deliveredRecords: 23 },
      faults: 0,
    });
    expect(others.map(({ name, discarded }) => [name, discarded])).toEqual([
      ['web-test-adapter', 0],
      ['web-test-alerts', 0],
    ]);
    const log = readFileSync(join(dir.logs, 'web-test-alerts-Handler.log'), 'utf8');
    expect(log).toContain('elsewhere: ECONNREFUSED');
    await pipeline.stop();
  }, 60_000);
});
