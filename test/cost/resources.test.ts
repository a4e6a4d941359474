import { applications, templatesOf } from '../lib/deployment';

/** What the bill has lines for. */
const priced = [
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
];

/** What AWS takes nothing for; a rule that is a schedule costs what it calls, the custom resource runs once, when a stack is deleted. */
const free = [
  'AWS::CDK::Metadata',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogStream',
  'AWS::S3::BucketPolicy',
  'Custom::S3AutoDeleteObjects',
];

describe('The bill', () => {
  it.each([{ stage: 'dev' }, { stage: 'prod', encryption: 'customer-managed' }])(
    'knows every sort of resource that %j deploys: a new one is a line, or known to be free',
    (context) => {
      const templates = templatesOf(context);
      const types = new Set(
        applications.flatMap((name) => Object.values(templates[name].Resources).map(({ Type }) => Type)),
      );

      expect([...types].filter((type) => !priced.includes(type) && !free.includes(type))).toEqual([]);
    },
    60_000,
  );
});
