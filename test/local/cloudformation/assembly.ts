import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Properties = Record<string, unknown>;

export interface TestTemplate {
  Parameters?: Record<string, object>;
  Mappings?: object;
  Resources: Record<string, { Type: string; Condition?: string; Properties?: Properties }>;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
}

const folders: string[] = [];

/** Writes a cloud assembly as CDK does, with one file asset a stack: `<stack>.zip`, the folder `asset.<stack>`. */
export function writeAssembly(stacks: Record<string, TestTemplate>, dir = newFolder()): string {
  const artifacts: Record<string, object> = {};
  for (const [name, template] of Object.entries(stacks)) {
    writeFileSync(join(dir, `${name}.template.json`), JSON.stringify(template));
    mkdirSync(join(dir, `asset.${name}`));
    const asset = {
      source: { path: `asset.${name}`, packaging: 'zip' },
      destinations: { current: { bucketName: 'assets', objectKey: `${name}.zip` } },
    };
    writeFileSync(join(dir, `${name}.assets.json`), JSON.stringify({ files: { [name]: asset } }));
    artifacts[`${name}.assets`] = { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } };
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      dependencies: [`${name}.assets`],
      properties: { templateFile: `${name}.template.json` },
    };
  }
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ version: '48.0.0', artifacts }));
  return dir;
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  folders.push(folder);
  return folder;
}

export function removeAssemblies(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

const importValue = (name: string) => ({ 'Fn::ImportValue': name });
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** A pipeline in two stacks that sets as much as the laptop takes; tests change it and see what happens. */
export function pipeline(): { Stream: TestTemplate; Consumers: TestTemplate } {
  return {
    Stream: {
      Resources: {
        Clicks: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 3, RetentionPeriodHours: '48' } },
        Metadata: { Type: 'AWS::CDK::Metadata', Condition: 'InSomeRegions' },
      },
      Outputs: {
        StreamName: { Value: { Ref: 'Clicks' } },
        StreamArn: { Value: arnOf('Clicks'), Export: { Name: 'Stream:Arn' } },
      },
    },
    Consumers: {
      Parameters: {
        BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk/version' },
      },
      Resources: {
        Counters: {
          Type: 'AWS::DynamoDB::GlobalTable',
          Properties: {
            BillingMode: 'PAY_PER_REQUEST',
            AttributeDefinitions: [
              { AttributeName: 'pk', AttributeType: 'S' },
              { AttributeName: 'sk', AttributeType: 'S' },
            ],
            KeySchema: [
              { AttributeName: 'pk', KeyType: 'HASH' },
              { AttributeName: 'sk', KeyType: 'RANGE' },
            ],
            Replicas: [{ Region: { Ref: 'AWS::Region' }, DeletionProtectionEnabled: true }],
            TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
          },
        },
        Archive: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
        Failures: { Type: 'AWS::S3::Bucket' },
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
        Aggregator: functionResource({
          Timeout: 30,
          MemorySize: '512',
          Environment: { Variables: { TABLE_NAME: { Ref: 'Counters' }, DAYS: 14 } },
        }),
        Transformer: functionResource({ Handler: 'src/main.run' }),
        Mapping: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            EventSourceArn: importValue('Stream:Arn'),
            FunctionName: { Ref: 'Aggregator' },
            StartingPosition: 'TRIM_HORIZON',
            BatchSize: 700,
            MaximumBatchingWindowInSeconds: 5,
            MaximumRetryAttempts: 9,
            MaximumRecordAgeInSeconds: 3600,
            BisectBatchOnFunctionError: true,
            FunctionResponseTypes: ['ReportBatchItemFailures'],
            ParallelizationFactor: 1,
            MetricsConfig: { Metrics: ['EventCount'] },
            DestinationConfig: { OnFailure: { Destination: arnOf('Failures') } },
          },
        },
        Delivery: {
          Type: 'AWS::KinesisFirehose::DeliveryStream',
          Properties: {
            DeliveryStreamType: 'KinesisStreamAsSource',
            KinesisStreamSourceConfiguration: {
              KinesisStreamARN: importValue('Stream:Arn'),
              RoleARN: arnOf('Role'),
            },
            ExtendedS3DestinationConfiguration: {
              BucketARN: arnOf('Archive'),
              RoleARN: arnOf('Role'),
              Prefix: 'clicks/year=!{timestamp:yyyy}/',
              ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
              BufferingHints: { SizeInMBs: 17, IntervalInSeconds: 61 },
              CompressionFormat: 'GZIP',
              FileExtension: '.json.gz',
              CustomTimeZone: 'UTC',
              ProcessingConfiguration: {
                Enabled: true,
                Processors: [
                  {
                    Type: 'Lambda',
                    Parameters: [
                      { ParameterName: 'LambdaArn', ParameterValue: arnOf('Transformer') },
                      { ParameterName: 'RoleArn', ParameterValue: arnOf('Role') },
                      { ParameterName: 'BufferSizeInMBs', ParameterValue: '1.5' },
                      { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '7' },
                      { ParameterName: 'NumberOfRetries', ParameterValue: '2' },
                    ],
                  },
                ],
              },
            },
          },
        },
        ProviderOfCdk: {
          Type: 'AWS::Lambda::Function',
          Properties: { Code: { ZipFile: 'inline' }, Runtime: { 'Fn::If': ['C', 'a', 'b'] } },
        },
      },
      Outputs: { Alarm: { Value: arnOf('NoSuchThing') }, Bucket: { Value: { Ref: 'Archive' } } },
    },
  };
}

function functionResource(rest: Properties) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: { 'Fn::Sub': `assets-\${AWS::AccountId}` }, S3Key: 'Consumers.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: arnOf('Role'),
      ...rest,
    },
  };
}
