import { createHash } from 'node:crypto';
import type { JsonObject, TemplateResource } from './template';

/** Where the laptop pretends to be. */
export const region = 'us-east-1';
export const accountId = '000000000000';
export const partition = 'aws';

/** Longest names that AWS takes; the shortest of these bounds suits every other type too. */
const longestName: Readonly<Record<string, number>> = {
  'AWS::S3::Bucket': 63,
  'AWS::CloudWatch::Alarm': 255,
};
const longestOtherName = 64;

/** Property in which a template may give the resource a physical name. */
const nameProperty: Readonly<Record<string, string>> = {
  'AWS::Kinesis::Stream': 'Name',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::KinesisFirehose::DeliveryStream': 'DeliveryStreamName',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
};

/**
 * Name of a resource, or the UUID of a mapping: the template's own, or one made from stack and logical id, the same at
 * every start.
 */
export function physicalName(stack: string, logicalId: string, resource: TemplateResource): string {
  if (resource.Type === 'AWS::Lambda::EventSourceMapping') return uuidOf(`${stack}/${logicalId}`);
  const property = nameProperty[resource.Type];
  const given =
    property === undefined ? undefined : (resource.Properties as JsonObject | undefined)?.[property];
  if (typeof given === 'string') return given;
  const wanted = `${stack}-${logicalId}`;
  const isBucket = resource.Type === 'AWS::S3::Bucket';
  const valid = isBucket
    ? wanted.toLowerCase().replace(/[^a-z0-9-]/g, '-')
    : wanted.replace(/[^A-Za-z0-9-]/g, '-');
  const longest = longestName[resource.Type] ?? longestOtherName;
  if (valid.length <= longest) return valid;
  const digest = createHash('sha256').update(wanted).digest('hex').slice(0, 8);
  return `${valid.slice(0, longest - digest.length - 1)}-${digest}`;
}

const arnOf: Readonly<Record<string, (name: string) => string>> = {
  'AWS::Kinesis::Stream': (name) => regionalArn('kinesis', `stream/${name}`),
  'AWS::DynamoDB::GlobalTable': (name) => regionalArn('dynamodb', `table/${name}`),
  'AWS::DynamoDB::Table': (name) => regionalArn('dynamodb', `table/${name}`),
  'AWS::S3::Bucket': (name) => `arn:${partition}:s3:::${name}`,
  'AWS::Lambda::Function': (name) => regionalArn('lambda', `function:${name}`),
  'AWS::KinesisFirehose::DeliveryStream': (name) => regionalArn('firehose', `deliverystream/${name}`),
  'AWS::Events::Rule': (name) => regionalArn('events', `rule/${name}`),
  'AWS::IAM::Role': (name) => `arn:${partition}:iam::${accountId}:role/${name}`,
  'AWS::Logs::LogGroup': (name) => regionalArn('logs', `log-group:${name}:*`),
  'AWS::KMS::Key': (name) => regionalArn('kms', `key/${name}`),
  'AWS::SNS::Topic': (name) => regionalArn('sns', name),
  'AWS::SQS::Queue': (name) => regionalArn('sqs', name),
  'AWS::CloudWatch::Alarm': (name) => regionalArn('cloudwatch', `alarm:${name}`),
};

function regionalArn(service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/** What `Ref` gives for a resource: its name, or its ARN where CloudFormation gives that. */
export function refOf(type: string, name: string): string {
  return type === 'AWS::SNS::Topic' ? resourceArn(type, name)! : name;
}

/** ARN of a resource of a type that the laptop knows, else undefined. */
export function resourceArn(type: string, name: string): string | undefined {
  return arnOf[type]?.(name);
}

/** What `Fn::GetAtt` gives for a resource, or undefined if the laptop has no such thing. */
export function attributeOf(type: string, name: string, attribute: string): string | undefined {
  if (attribute === 'Arn' || (type === 'AWS::SNS::Topic' && attribute === 'TopicArn')) {
    return resourceArn(type, name);
  }
  if (type === 'AWS::SQS::Queue' && attribute === 'QueueName') return name;
  if (type === 'AWS::S3::Bucket') {
    if (attribute === 'DomainName') return `${name}.s3.amazonaws.com`;
    if (attribute === 'RegionalDomainName') return `${name}.s3.${region}.amazonaws.com`;
  }
  return undefined;
}

/** A UUID made from a name: on-failure keys and checkpoints carry it, so it is the same at every start. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  // Version 8 (custom) and variant 10, as RFC 9562 asks.
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
