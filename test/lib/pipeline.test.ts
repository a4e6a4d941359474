import { Aspects, CfnResource, type IAspect } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { streamReaders } from '../../contract/stack-outputs';
import { addSecurityChecks } from '../../lib/security-checks';
import {
  applications,
  buildApp,
  only,
  resourcesOf,
  synthesize,
  type Template,
  templatesOf,
} from './deployment';
import { destinationContexts } from './destination-factory';
import { redacted } from './redacted';

describe.each(['dev', 'prod'])('in %s', (stage) => {
  const deployment = buildApp({ stage });
  const templates = synthesize(deployment);
  const { pipeline } = deployment;

  it.each(applications)('the %s stack is as reviewed', (application) => {
    expect(redacted(templates[application])).toMatchSnapshot();
  });

  it('the applications that read the stream are known to whoever shares its shards out', () => {
    const readers = applications.filter((application) =>
      Object.values(templates[application].Resources).some(({ Type }) =>
        ['AWS::Lambda::EventSourceMapping', 'AWS::KinesisFirehose::DeliveryStream'].includes(Type),
      ),
    );
    expect(readers).toEqual([...streamReaders]);
  });

  it('applications depend on the stream and not on each other', () => {
    expect(pipeline.stream.dependencies).toEqual([]);
    for (const application of streamReaders) {
      expect(pipeline[application].dependencies).toEqual([pipeline.stream]);
      const imports = JSON.stringify(templates[application]).match(/"Fn::ImportValue":"[^"]+"/g) ?? [];
      expect(imports.length).toBeGreaterThan(0);
      for (const name of imports) expect(name).toContain(`"clickstream-${stage}-stream:`);
    }
  });

  it('stacks and resources are tagged', () => {
    for (const application of applications) {
      expect(pipeline[application].tags.tagValues()).toEqual({ project: 'clickstream', stage });
    }
    const tags = [
      { Key: 'project', Value: 'clickstream' },
      { Key: 'stage', Value: stage },
    ];
    for (const { Properties } of taggable(templates)) {
      expect(Properties.Tags).toEqual(expect.arrayContaining(tags));
    }
  });

  it('a first deploy that fails can be repeated: nothing is protected that has never stood', () => {
    for (const application of applications) {
      expect(pipeline[application].terminationProtection).toBe(false);
      for (const { DeletionPolicy } of resources(templates[application])) {
        // Plain Retain also keeps what a rolled-back creation made.
        expect([undefined, 'Delete', 'RetainExceptOnCreate']).toContain(DeletionPolicy);
      }
    }
    const [, table] = only(templates.aggregation, 'AWS::DynamoDB::Table');
    expect(table.Properties.DeletionProtectionEnabled).toBe(false);
  });

  it('neither a stack nor the table can be deleted by mistake once deletion protection is on', () => {
    const protectedDeployment = buildApp({ stage, deletionProtection: true });
    const protectedTemplates = synthesize(protectedDeployment);
    for (const application of applications) {
      expect(protectedDeployment.pipeline[application].terminationProtection).toBe(true);
    }
    const [, table] = only(protectedTemplates.aggregation, 'AWS::DynamoDB::Table');
    expect(table.Properties.DeletionProtectionEnabled).toBe(true);
  });
});

const untaggable = [
  'AWS::SNS::TopicPolicy',
  'AWS::SNS::Subscription',
  'AWS::Logs::QueryDefinition',
  'AWS::IAM::Policy',
  'AWS::Lambda::Permission',
  'AWS::S3::BucketPolicy',
  'AWS::Logs::LogStream',
  'Custom::S3AutoDeleteObjects',
];

function taggable(templates: ReturnType<typeof templatesOf>) {
  return applications
    .flatMap((application) => Object.entries(templates[application].Resources))
    .filter(([id, { Type }]) => !untaggable.includes(Type) && !id.startsWith('CustomS3AutoDelete'))
    .map(([, resource]) => resource);
}

describe('when the stacks are deleted', () => {
  const kept = 'RetainExceptOnCreate';
  const fates = (template: Template) =>
    Object.fromEntries(
      Object.values(template.Resources)
        .filter(({ DeletionPolicy }) => DeletionPolicy !== undefined)
        .map(({ Type, DeletionPolicy, UpdateReplacePolicy }) => {
          expect(UpdateReplacePolicy).toBe(DeletionPolicy === 'Delete' ? 'Delete' : 'Retain');
          return [Type, DeletionPolicy];
        }),
    );

  it('prod keeps what holds data, and says so', () => {
    const { stream, aggregation, archive } = templatesOf({ stage: 'prod', encryption: 'customer-managed' });
    expect(fates(stream)).toEqual({ 'AWS::Kinesis::Stream': kept, 'AWS::KMS::Key': kept });
    expect(fates(aggregation)).toEqual({
      'AWS::DynamoDB::Table': kept,
      'AWS::S3::Bucket': kept,
      'AWS::Logs::LogGroup': 'Delete',
    });
    expect(fates(archive)).toEqual({
      'AWS::S3::Bucket': kept,
      'AWS::Logs::LogGroup': 'Delete',
      'AWS::Logs::LogStream': 'Delete',
    });
    expect(stream.Description).toContain('keeps the stream and its key');
    expect(aggregation.Description).toContain('keeps the aggregates table and the on-failure bucket');
    expect(archive.Description).toContain('keeps the archive bucket');
  });

  it('dev leaves nothing: no resource is kept, buckets are emptied, and every function logs into its stack', () => {
    const templates = templatesOf({ encryption: 'customer-managed' });
    for (const application of applications) {
      const template = templates[application];
      for (const { DeletionPolicy } of resources(template)) expect(DeletionPolicy ?? 'Delete').toBe('Delete');

      expect(
        resourcesOf(template, 'Custom::S3AutoDeleteObjects').map(
          ([, { Properties }]) => Properties.BucketName,
        ),
      ).toEqual(resourcesOf(template, 'AWS::S3::Bucket').map(([id]) => ({ Ref: id })));
      const logGroups = resourcesOf(template, 'AWS::Logs::LogGroup').map(([id]) => ({ Ref: id }));
      for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::Function')) {
        expect(logGroups).toContainEqual(Properties.LoggingConfig.LogGroup);
      }
      // Lambda would create the log group anew if the last lines of a deleted function arrived after its deletion.
      expect(JSON.stringify(template)).not.toContain('logs:CreateLogGroup');
    }
  });
});

describe('two deployments in one account', () => {
  const deployments = ['alpha', 'omega'].map((name) => {
    const deployment = buildApp({ name });
    const templates = synthesize(deployment);
    return {
      stacks: applications.map((application) => deployment.pipeline[application].stackName),
      templates: applications.map((application) => templates[application]),
    };
  });

  it('share no stack', () => {
    expect(deployments.map(({ stacks }) => stacks)).toEqual(
      ['alpha', 'omega'].map((name) => applications.map((application) => `${name}-dev-${application}`)),
    );
  });

  it('name no resource themselves, and differ only by their name', () => {
    const [alpha, omega] = deployments.map(({ templates }) => templates.map(redacted));
    expect(JSON.parse(JSON.stringify(alpha).replaceAll('alpha', 'omega'))).toEqual(omega);

    const name = /^(Name|(Table|Bucket|Function|Role|DeliveryStream|LogGroup|LogStream|Alias)Name)$/;
    for (const { Properties } of deployments.flatMap(({ templates }) => templates).flatMap(resources)) {
      const fixed = Object.entries(Properties).filter(
        ([key, value]) => name.test(key) && typeof value === 'string',
      );
      expect(fixed).toEqual([]);
    }
  });
});

const resources = ({ Resources }: Template) => Object.values(Resources);

describe('synthesis fails', () => {
  /** Sets a property of every resource of a type, as an escape hatch anywhere in the code would. */
  class Override implements IAspect {
    constructor(
      private readonly type: string,
      private readonly path: string,
      private readonly value: unknown,
    ) {}
    visit(node: Parameters<IAspect['visit']>[0]): void {
      if (CfnResource.isCfnResource(node) && node.cfnResourceType === this.type) {
        node.addPropertyOverride(this.path, this.value);
      }
    }
  }

  it.each([2, 10, undefined])(
    'with a parallelization factor of %p, because order makes the counters exact',
    (factor) => {
      const deployment = buildApp();
      Aspects.of(deployment.app).add(
        new Override('AWS::Lambda::EventSourceMapping', 'ParallelizationFactor', factor),
      );
      expect(() => synthesize(deployment)).toThrow(/must process a shard in order[\s\S]*Aggregator\/Mapping/);
    },
  );

  it('with a resource that a security rule refuses', () => {
    const deployment = buildApp();
    addSecurityChecks(deployment.app);
    new Bucket(deployment.pipeline.archive, 'Careless');
    expect(() => synthesize(deployment)).toThrow(/Careless[\s\S]*AwsSolutions-S10/);
  });
});

describe('the security rules', () => {
  it.each([
    { stage: 'dev' },
    { stage: 'prod' },
    { stage: 'dev', encryption: 'customer-managed' },
    { stage: 'prod', encryption: 'key-granted', deletionProtection: true },
    { stage: 'prod', encryption: 'customer-managed', uniqueVisitors: 'off', deduplicationSeconds: 0 },
    { stage: 'dev', streamMode: 'on-demand', shardLevelMetrics: true, deduplicationSeconds: 300 },
    { stage: 'prod', analytics: true, parquet: true, notebook: true, encryption: 'customer-managed' },
    { stage: 'dev', analytics: true, parquet: true },
    { stage: 'prod', logSources: true, busSource: 'shop', busName: 'web', encryption: 'customer-managed' },
    { stage: 'prod', ...destinationContexts.redshift, encryption: 'customer-managed' },
    { stage: 'dev', ...destinationContexts.opensearch },
    { stage: 'prod', collector: true, encryption: 'customer-managed', collectorReservedConcurrency: 5 },
    { stage: 'dev', collector: true, collectorCloudFront: 'only' },
  ])('refuse nothing with %j', (context) => {
    const deployment = buildApp(context);
    addSecurityChecks(deployment.app);
    expect(() => synthesize(deployment)).not.toThrow();
  });
});
