import { attribute, only, resourcesOf, type Template, templatesOf } from '../deployment';
import { alarmsOf } from './template-alarms';

const topicArn = 'arn:aws:sns:eu-central-1:123456789012:on-call';
const published = (template: Template) =>
  only(template, 'AWS::SNS::TopicPolicy')[1].Properties.PolicyDocument.Statement;
const joined = (...parts: readonly unknown[]) => ({ 'Fn::Join': ['', parts] });
const alarmsOfThisDeployment = {
  StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
  ArnLike: {
    'aws:SourceArn': joined(
      ...['arn:', { Ref: 'AWS::Partition' }, ':cloudwatch:', { Ref: 'AWS::Region' }, ':'],
      ...[{ Ref: 'AWS::AccountId' }, ':alarm:shop-prod-*'],
    ),
  },
};

it('only alarms of this deployment may publish to the topic, over TLS', () => {
  const { stream } = templatesOf({ name: 'shop', stage: 'prod' });
  const [id] = only(stream, 'AWS::SNS::Topic');
  expect(published(stream)).toEqual([
    expect.objectContaining({
      Effect: 'Deny',
      Action: 'sns:Publish',
      Principal: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
    expect.objectContaining({
      Effect: 'Allow',
      Action: 'sns:Publish',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Resource: { Ref: id },
      Condition: alarmsOfThisDeployment,
    }),
  ]);
});

it('nobody is told without an address, and then only whoever has it', () => {
  expect(resourcesOf(templatesOf().stream, 'AWS::SNS::Subscription')).toEqual([]);

  const { stream } = templatesOf({ alarmEmail: 'on-call@shop.example' });
  expect(only(stream, 'AWS::SNS::Subscription')[1].Properties).toMatchObject({
    Protocol: 'email',
    Endpoint: 'on-call@shop.example',
    TopicArn: { Ref: only(stream, 'AWS::SNS::Topic')[0] },
  });
});

it('the alarms tell a topic of one’s own instead, and nothing is imported for it', () => {
  const templates = templatesOf({ alarmTopicArn: topicArn });
  const alarms = alarmsOf(templates);
  expect(alarms.length).toBeGreaterThan(20);
  for (const { properties } of alarms) {
    expect(properties).toMatchObject({ AlarmActions: [topicArn], OKActions: [topicArn] });
  }
  expect(templates.stream.Outputs.AlarmTopicArn).toEqual({ Value: topicArn });
  const exports = (outputs: object) => Object.keys(outputs).filter((name) => name.startsWith('Exports'));
  expect(exports(templates.stream.Outputs)).toEqual(exports(templatesOf().stream.Outputs));
});

it('a customer key encrypts the topic, and CloudWatch may use it one deploy before', () => {
  const grants = (encryption: string) => {
    const { stream } = templatesOf({ name: 'shop', stage: 'prod', encryption });
    const [keyId, key] = only(stream, 'AWS::KMS::Key');
    const granted = key.Properties.KeyPolicy.Statement.filter(
      ({ Principal }: { Principal: { Service?: string } }) => Principal.Service,
    );
    return { keyId, granted, topic: only(stream, 'AWS::SNS::Topic')[1].Properties };
  };
  const between = grants('key-granted');
  const after = grants('customer-managed');
  expect(after.granted).toEqual([
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Resource: '*',
      Condition: alarmsOfThisDeployment,
    },
  ]);
  expect(between.granted).toEqual(after.granted);
  expect(between.topic).not.toHaveProperty('KmsMasterKeyId');
  expect(after.topic.KmsMasterKeyId).toEqual(attribute(after.keyId));
});
