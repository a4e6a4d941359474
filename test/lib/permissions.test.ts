import { applications, attribute, only, resourcesOf, type Template, templatesOf } from './deployment';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface TrustStatement {
  readonly Effect: string;
  readonly Principal?: { readonly Service?: string };
  readonly Condition?: unknown;
}

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** Every statement of every policy in a template, with the logical id of what holds it. */
function statementsOf(template: Template): readonly (readonly [string, Statement])[] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    const documents =
      Type === 'AWS::IAM::Role'
        ? (Properties.Policies ?? []).map((policy: { PolicyDocument: unknown }) => policy.PolicyDocument)
        : Type === 'AWS::IAM::Policy' || Type === 'AWS::S3::BucketPolicy'
          ? [Properties.PolicyDocument]
          : [];
    return documents.flatMap((document: { Statement: Statement | Statement[] }) =>
      list(document.Statement).map((statement) => [id, statement] as const),
    );
  });
}

/** What a role may do: `action` → resources. */
function permissionsOf(template: Template, policyIdStart: string): Record<string, readonly unknown[]> {
  const [id] = only(template, 'AWS::IAM::Policy', policyIdStart);
  const permissions: Record<string, readonly unknown[]> = {};
  for (const [holder, { Action, Resource }] of statementsOf(template)) {
    if (holder !== id) continue;
    for (const action of list(Action))
      permissions[action] = [...(permissions[action] ?? []), ...list(Resource)];
  }
  return permissions;
}

const dev = templatesOf();
const encrypted = templatesOf({ encryption: 'customer-managed' });
const stream = { 'Fn::ImportValue': expect.stringMatching(/^clickstream-dev-stream:.*ClickStream.*Arn/) };
const joined = (...parts: readonly unknown[]) => ({ 'Fn::Join': ['', parts] });

it('the aggregator may read the stream, append to the log, deliver what it gives up, and log: nothing else', () => {
  const { aggregation } = dev;
  const [tableId] = only(aggregation, 'AWS::DynamoDB::Table');
  const [bucketId] = only(aggregation, 'AWS::S3::Bucket');
  const [logsId] = only(aggregation, 'AWS::Logs::LogGroup', 'Aggregator');
  expect(permissionsOf(aggregation, 'Aggregator')).toEqual({
    'kinesis:DescribeStream': [stream],
    'kinesis:DescribeStreamSummary': [stream],
    'kinesis:GetRecords': [stream],
    'kinesis:GetShardIterator': [stream],
    'kinesis:ListShards': [stream],
    'dynamodb:GetItem': [attribute(tableId)],
    'dynamodb:Query': [attribute(tableId)],
    'dynamodb:PutItem': [attribute(tableId)],
    'dynamodb:UpdateItem': [attribute(tableId)],
    's3:ListBucket': [attribute(bucketId)],
    's3:PutObject': [joined(attribute(bucketId), '/aws/lambda/*')],
    'logs:CreateLogStream': [attribute(logsId)],
    'logs:PutLogEvents': [attribute(logsId)],
  });
});

it('the aggregator may touch entries, deltas and ids alone: the items are the compactor’s', () => {
  const [id] = only(dev.aggregation, 'AWS::IAM::Policy', 'Aggregator');
  const ofTable = statementsOf(dev.aggregation).filter(
    ([holder, { Action }]) => holder === id && list(Action).some((action) => action.startsWith('dynamodb:')),
  );
  expect(ofTable.map(([, { Condition }]) => Condition)).toEqual([
    { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['shards', 'log#*', 'ids#*'] } },
  ]);
});

it('the aggregator may also read many ids at once where duplicates are removed', () => {
  const { aggregation } = templatesOf({ deduplicationSeconds: 60 });
  const { 'dynamodb:BatchGetItem': batchGet, ...rest } = permissionsOf(aggregation, 'Aggregator');
  expect(batchGet).toEqual([attribute(only(aggregation, 'AWS::DynamoDB::Table')[0])]);
  expect(rest).toEqual(permissionsOf(dev.aggregation, 'Aggregator'));
});

it('the compactor may read and write the table, and log: nothing else', () => {
  const { aggregation } = dev;
  const table = attribute(only(aggregation, 'AWS::DynamoDB::Table')[0]);
  const [logsId] = only(aggregation, 'AWS::Logs::LogGroup', 'Compactor');
  expect(permissionsOf(aggregation, 'Compactor')).toEqual({
    'dynamodb:BatchGetItem': [table],
    'dynamodb:PutItem': [table],
    'dynamodb:Query': [table],
    'dynamodb:UpdateItem': [table],
    'logs:CreateLogStream': [attribute(logsId)],
    'logs:PutLogEvents': [attribute(logsId)],
  });
});

it('the transformer may log: nothing else', () => {
  const [logsId] = only(dev.archive, 'AWS::Logs::LogGroup', 'Transformer');
  expect(permissionsOf(dev.archive, 'Transformer')).toEqual({
    'logs:CreateLogStream': [attribute(logsId)],
    'logs:PutLogEvents': [attribute(logsId)],
  });
});

it('the delivery stream may read the stream, transform, write the archive, and log: nothing else', () => {
  const { archive } = dev;
  const [bucketId] = only(archive, 'AWS::S3::Bucket');
  const [functionId] = only(archive, 'AWS::Lambda::Function', 'Transformer');
  const [logsId] = only(archive, 'AWS::Logs::LogGroup', 'Delivery');
  const [logStreamId] = only(archive, 'AWS::Logs::LogStream');
  const objects = ['/errors/*', '/events/*'].map((keys) => joined(attribute(bucketId), keys));
  const versions = [attribute(functionId), joined(attribute(functionId), ':$LATEST')];
  expect(permissionsOf(archive, 'Delivery')).toEqual({
    'kinesis:DescribeStream': [stream],
    'kinesis:GetRecords': [stream],
    'kinesis:GetShardIterator': [stream],
    'kinesis:ListShards': [stream],
    'lambda:GetFunctionConfiguration': versions,
    'lambda:InvokeFunction': versions,
    's3:GetBucketLocation': [attribute(bucketId)],
    's3:ListBucket': [attribute(bucketId)],
    's3:ListBucketMultipartUploads': [attribute(bucketId)],
    's3:AbortMultipartUpload': objects,
    's3:GetObject': objects,
    's3:PutObject': objects,
    'logs:PutLogEvents': [
      joined(
        'arn:',
        { Ref: 'AWS::Partition' },
        ':logs:',
        { Ref: 'AWS::Region' },
        ':',
        { Ref: 'AWS::AccountId' },
        ':log-group:',
        { Ref: logsId },
        ':log-stream:',
        { Ref: logStreamId },
      ),
    ],
  });
});

it('a customer key is used through the service whose data it protects', () => {
  const uses = (template: Template, policyIdStart: string) => {
    const [id] = only(template, 'AWS::IAM::Policy', policyIdStart);
    return statementsOf(template)
      .filter(
        ([holder, { Action }]) => holder === id && list(Action).some((action) => action.startsWith('kms:')),
      )
      .map(([, { Action, Resource, Condition }]) => ({ Action, Resource, Condition }));
  };
  const key = { 'Fn::ImportValue': expect.stringMatching(/^clickstream-dev-stream:.*Key/) };
  const through = (service: string) => ({
    StringEquals: { 'kms:ViaService': joined(`${service}.`, { Ref: 'AWS::Region' }, '.amazonaws.com') },
  });
  const reading = { Action: 'kms:Decrypt', Resource: key, Condition: through('kinesis') };
  expect(uses(encrypted.aggregation, 'Aggregator')).toEqual([
    { Action: 'kms:GenerateDataKey', Resource: key, Condition: through('s3') },
    reading,
  ]);
  expect(uses(encrypted.archive, 'Delivery')).toEqual([
    reading,
    { Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: key, Condition: through('s3') },
  ]);
});

describe.each(['dev', 'prod'])('in %s', (stage) => {
  const templates = templatesOf({ stage, encryption: 'customer-managed' });
  const statements = applications.flatMap((application) => statementsOf(templates[application]));
  const allowed = statements.filter(([, { Effect }]) => Effect === 'Allow');

  it('no permission names all actions, or actions by a pattern', () => {
    const patterns = allowed.flatMap(([id, { Action }]) =>
      list(Action)
        .filter((action) => action.includes('*'))
        .map((action) => `${id}: ${action}`),
    );
    // CDK's own permission to empty a bucket that is about to be deleted, given by that bucket.
    const emptying = ['s3:DeleteObject*', 's3:GetBucket*', 's3:List*'];
    const expected = (stage === 'dev' ? ['OnFailure', 'Archive'] : []).flatMap((bucket) =>
      emptying.map((action) => expect.stringMatching(`^${bucket}Policy\\w+: ${action.replace('*', '\\*')}$`)),
    );
    expect(patterns).toEqual(expected);
  });

  it('no permission covers all resources', () => {
    expect(allowed.length).toBeGreaterThan(10);
    for (const [, { Resource }] of allowed) {
      expect(list(Resource)).not.toContain('*');
      for (const resource of list(Resource)) expect(resource).toEqual(expect.any(Object));
    }
  });

  /** Whoever is let in by a policy that names a service: what it lets in, the service, and under which condition. */
  const lettingIn = applications.flatMap((application) =>
    Object.entries(templates[application].Resources).flatMap(([id, { Properties }]) => {
      const { AssumeRolePolicyDocument, PolicyDocument, KeyPolicy } = Properties ?? {};
      return [AssumeRolePolicyDocument, PolicyDocument, KeyPolicy]
        .flatMap((document) => list<TrustStatement>(document?.Statement ?? []))
        .filter(({ Effect, Principal }) => Effect === 'Allow' && Principal?.Service !== undefined)
        .map(({ Principal, Condition }) => ({ id, service: Principal?.Service, Condition }));
    }),
  );
  const ofThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
  /** AWS documents a trust policy without a condition, and not what it could be; and CDK's own role, in dev. */
  const withoutCondition = /^(DeliveryRole|CustomS3AutoDelete)/;

  it('a service is let in for this account only, but where that could stop it', () => {
    const [free, bound] = [true, false].map((isFree) =>
      lettingIn.filter(({ id }) => withoutCondition.test(id) === isFree),
    );
    expect(bound!.length).toBeGreaterThanOrEqual(3);
    for (const { Condition } of bound!) expect(Condition).toMatchObject(ofThisAccount);
    expect(free!.filter(({ service }) => service === 'firehose.amazonaws.com')).toHaveLength(1);
    for (const { id, Condition } of free!) expect({ id, Condition }).toEqual({ id, Condition: undefined });
  });

  it('a service invokes a function for one resource only', () => {
    const permissions = applications.flatMap((application) =>
      resourcesOf(templates[application], 'AWS::Lambda::Permission'),
    );
    expect(permissions.map(([, { Properties }]) => Properties.Principal)).toEqual(['events.amazonaws.com']);
    for (const [, { Properties }] of permissions)
      expect(Properties.SourceArn).toEqual({ 'Fn::GetAtt': [expect.stringContaining('Schedule'), 'Arn'] });
  });

  it('no role has a managed policy', () => {
    for (const application of applications) {
      for (const { Properties } of Object.values(templates[application].Resources)) {
        expect(Properties).not.toHaveProperty('ManagedPolicyArns');
      }
    }
  });

  it('a bucket refuses whoever comes without TLS 1.2, and the public', () => {
    for (const template of [templates.aggregation, templates.archive]) {
      const refused = statementsOf(template).filter(([, { Effect }]) => Effect === 'Deny');
      expect(refused.map(([, { Action, Condition }]) => ({ Action, Condition }))).toEqual([
        { Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        { Action: 's3:*', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } },
      ]);
      expect(only(template, 'AWS::S3::Bucket')[1].Properties).toMatchObject({
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      });
    }
  });
});

it('without a customer key S3 encrypts the buckets with its own', () => {
  for (const template of [dev.aggregation, dev.archive]) {
    const { ServerSideEncryptionConfiguration } = only(template, 'AWS::S3::Bucket')[1].Properties
      .BucketEncryption;
    expect(ServerSideEncryptionConfiguration).toEqual([
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ]);
  }
});
