import { createResolver } from '../../../local/cloudformation/intrinsics';
import type { Json, Stack } from '../../../local/cloudformation/template';

const producer: Stack = {
  name: 'Producer',
  assets: new Map(),
  template: {
    Resources: { Clicks: { Type: 'AWS::Kinesis::Stream' } },
    Outputs: {
      Name: { Value: { Ref: 'Clicks' }, Export: { Name: { 'Fn::Sub': `\${AWS::StackName}:Name` } } },
      Plain: { Value: { 'Fn::GetAtt': ['Clicks', 'Arn'] } },
    },
  },
};
const consumer: Stack = {
  name: 'Consumer',
  assets: new Map(),
  template: {
    Parameters: { Version: { Default: '/cdk/version' }, Bare: { Type: 'String' } },
    Mappings: { Runtimes: { 'us-east-1': { value: 'nodejs24.x' } } },
    Resources: {
      Archive: { Type: 'AWS::S3::Bucket' },
      Named: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'given' } },
      Topic: { Type: 'AWS::SNS::Topic' },
      Other: { Type: 'AWS::Athena::WorkGroup' },
    },
  },
};
const resolve = (value: Json) => createResolver([producer, consumer])(consumer, value);

describe('references in a template', () => {
  it.each<[string, Json, Json]>([
    ['a resource', { Ref: 'Archive' }, 'consumer-archive'],
    ['a resource with a name of its own', { Ref: 'Named' }, 'given'],
    ['a topic', { Ref: 'Topic' }, 'arn:aws:sns:us-east-1:000000000000:Consumer-Topic'],
    ['a parameter', { Ref: 'Version' }, '/cdk/version'],
    ['the Region', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['the account', { Ref: 'AWS::AccountId' }, '000000000000'],
    ['the partition', { Ref: 'AWS::Partition' }, 'aws'],
    ['the suffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    ['the stack', { Ref: 'AWS::StackName' }, 'Consumer'],
    ['an attribute', { 'Fn::GetAtt': ['Archive', 'Arn'] }, 'arn:aws:s3:::consumer-archive'],
    ['an attribute in short', { 'Fn::GetAtt': 'Archive.Arn' }, 'arn:aws:s3:::consumer-archive'],
    ['a join', { 'Fn::Join': ['/', ['a', { Ref: 'Archive' }, 7]] }, 'a/consumer-archive/7'],
    ['a split', { 'Fn::Split': ['-', { Ref: 'Archive' }] }, ['consumer', 'archive']],
    ['a selection', { 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['a mapping', { 'Fn::FindInMap': ['Runtimes', { Ref: 'AWS::Region' }, 'value'] }, 'nodejs24.x'],
    ['an export of another stack', { 'Fn::ImportValue': 'Producer:Name' }, 'Producer-Clicks'],
    [
      'an output of another stack',
      { 'Fn::GetStackOutput': { StackName: 'Producer', OutputName: 'Plain' } },
      'arn:aws:kinesis:us-east-1:000000000000:stream/Producer-Clicks',
    ],
    [
      'a substitution',
      { 'Fn::Sub': `x-\${AWS::Region}-\${Archive}-\${Archive.Arn}-\${!Literal}` },
      `x-us-east-1-consumer-archive-arn:aws:s3:::consumer-archive-\${Literal}`,
    ],
    [
      'a substitution with variables',
      { 'Fn::Sub': [`\${a}/\${AWS::Region}`, { a: { Ref: 'Named' } }] },
      'given/us-east-1',
    ],
    ['nested values', { a: [{ b: { Ref: 'Named' } }] }, { a: [{ b: 'given' }] }],
    ['no value', { a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }] }, { b: [1] }],
    ['plain values', { a: 1, b: false, c: null, d: 'Ref' }, { a: 1, b: false, c: null, d: 'Ref' }],
  ])('resolve: %s', (_case, value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it.each<[string, Json, string]>([
    [
      'to nothing',
      { Ref: 'Gone' },
      'stack Consumer: Ref Gone: neither a resource nor a parameter with a default',
    ],
    ['to a parameter without a default', { Ref: 'Bare' }, 'stack Consumer: Ref Bare'],
    [
      'to an attribute of nothing',
      { 'Fn::GetAtt': ['Gone', 'Arn'] },
      'Fn::GetAtt Gone.Arn: there is no such resource',
    ],
    [
      'to an attribute that the laptop does not have',
      { 'Fn::GetAtt': ['Other', 'CreationTime'] },
      'Fn::GetAtt Other.CreationTime: the laptop does not know this attribute of AWS::Athena::WorkGroup',
    ],
    [
      'to an export that is not there',
      { 'Fn::ImportValue': 'Gone' },
      'Fn::ImportValue: no stack exports Gone',
    ],
    [
      'by a function that is not supported',
      { 'Fn::If': ['A', 1, 2] },
      'stack Consumer: Fn::If is not supported',
    ],
    ['beyond the end of a list', { 'Fn::Select': [3, ['a']] }, 'Fn::Select: there is no item 3'],
    [
      'to an output that is not there',
      { 'Fn::GetStackOutput': { StackName: 'Producer', OutputName: 'X' } },
      'Producer.X',
    ],
  ])('are refused: %s', (_case, value, message) => {
    expect(() => resolve(value)).toThrow(message);
  });
});
