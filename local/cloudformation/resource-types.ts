import { refuse } from './settings';
import type { Stack } from './template';

/** Types that the laptop runs. */
const run = new Set([
  'AWS::Kinesis::Stream',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::Lambda::Function',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Url',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Events::Rule',
  'AWS::CloudWatch::Alarm',
]);

/** Types, by prefix, that move no record: the laptop runs the same without them. */
const withoutEffect: readonly { readonly prefix: string; readonly because: string }[] = [
  { prefix: 'AWS::IAM::', because: 'permissions are not checked' },
  { prefix: 'AWS::S3::BucketPolicy', because: 'permissions are not checked' },
  { prefix: 'AWS::Kinesis::ResourcePolicy', because: 'permissions are not checked' },
  { prefix: 'AWS::Lambda::Permission', because: 'permissions are not checked' },
  { prefix: 'AWS::KMS::', because: 'encryption at rest is invisible to clients' },
  { prefix: 'AWS::Logs::', because: 'functions log to files' },
  { prefix: 'AWS::CloudWatch::Dashboard', because: 'there is no console' },
  { prefix: 'AWS::SNS::', because: 'nobody is told of alarms' },
  { prefix: 'AWS::Budgets::', because: 'nothing is billed' },
  { prefix: 'AWS::SSM::Parameter', because: 'nothing here reads it' },
  { prefix: 'AWS::Glue::', because: 'a catalogue beside the objects' },
  { prefix: 'AWS::Athena::', because: 'queries beside the pipeline' },
  { prefix: 'AWS::CloudFront::RealtimeLogConfig', because: 'nobody is served by CloudFront from here' },
  { prefix: 'AWS::KinesisVideo::', because: 'no clicks are in it' },
  { prefix: 'AWS::SQS::', because: 'what an event bus fails at stands in the log' },
  { prefix: 'AWS::CDK::Metadata', because: 'a label' },
  { prefix: 'Custom::S3AutoDeleteObjects', because: 'runs when the stack is destroyed' },
  { prefix: 'Custom::LogRetention', because: 'functions log to files' },
];

/** Refuses a resource of a type that might move records in a way that the laptop does not know. */
export function checkResourceTypes(stacks: readonly Stack[]): void {
  for (const stack of stacks) {
    for (const [logicalId, { Type: type }] of Object.entries(stack.template.Resources ?? {})) {
      if (run.has(type) || withoutEffect.some(({ prefix }) => type.startsWith(prefix))) continue;
      const place = { stack: stack.name, logicalId, type, path: '' };
      refuse(
        place,
        'Type',
        type,
        'stream, table, bucket, function, its URL, schedule, event source mapping, delivery stream, alarm',
      );
    }
  }
}
