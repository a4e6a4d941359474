import { Template } from 'aws-cdk-lib/assertions';
import { assumed, measured } from '../../cost/measured';
import {
  applications,
  buildApp,
  type Resource,
  resourcesOf,
  type Template as TemplateJson,
  templatesOf,
} from '../lib/deployment';
import { destinationContexts } from '../lib/destination-factory';

/** What the bill has lines for. */
const priced = [
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
];

/** What AWS takes nothing for; a rule that is a schedule costs what it calls, a topic what it sends; the custom resource runs once, when a stack is deleted. */
const free = [
  'AWS::CDK::Metadata',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogStream',
  'AWS::Logs::QueryDefinition',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
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

/** Of an expression, each metric is charged, and the expression is not. */
const alarmMetricsOf = (resources: readonly Resource[]): readonly object[] =>
  resources
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .flatMap(({ Properties }) =>
      (Properties.Metrics ?? [Properties]).filter((one: object) => !('Expression' in one)),
    );

describe('The hosted dashboard in the bill', () => {
  const template = Template.fromStack(
    buildApp({ dashboard: 'hosted' }).pipeline.dashboard!,
  ).toJSON() as TemplateJson;
  const resources = Object.values(template.Resources);

  it('is all that is deployed for it', () => {
    const pricedToo = ['AWS::ApiGatewayV2::Route', 'AWS::CloudFront::Distribution', 'AWS::Cognito::UserPool'];
    // What belongs to those, and is not charged; the deployment runs once.
    const freeToo =
      /^(AWS::ApiGatewayV2::|AWS::Cognito::UserPool(Client|Domain)|AWS::CloudFront::(Origin|Response)|AWS::Lambda::LayerVersion|Custom::CDKBucketDeployment)/;
    const known = [...priced, ...free, ...pricedToo];
    expect(resources.filter(({ Type }) => !known.includes(Type) && !freeToo.test(Type))).toEqual([]);
  });

  it('has the memory of its functions', () => {
    const functions = resources.filter(({ Properties }) => Properties?.Environment?.Variables?.PIPELINE);
    const { memoryMiB } = assumed.dashboard;
    expect(functions.map(({ Properties }) => Properties.MemorySize)).toEqual([memoryMiB, memoryMiB]);
  });

  it('has the metrics of its alarms', () => {
    expect(alarmMetricsOf(resources)).toHaveLength(measured.dashboard.alarmMetrics);
  });
});

describe('The collector in the bill', () => {
  const template = Template.fromStack(
    buildApp({ collector: true, collectorCloudFront: 'beside' }).pipeline.collector!,
  ).toJSON() as TemplateJson;
  const types = Object.values(template.Resources).map(({ Type }) => Type);

  it('is all that is deployed for it', () => {
    const priced = ['AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::CloudWatch::Alarm'];
    const pricedInFront = ['AWS::CloudFront::Distribution', 'AWS::SecretsManager::Secret'];
    // A table of two items, and what is not charged.
    const free = ['AWS::DynamoDB::Table', 'AWS::Lambda::Url', 'AWS::Lambda::Permission'];
    const others = ['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::Logs::QueryDefinition'];
    const freeInFront = ['AWS::CloudFront::OriginRequestPolicy', 'AWS::Events::Rule'];
    expect(new Set(types)).toEqual(
      new Set([...priced, ...pricedInFront, ...free, ...others, ...freeInFront]),
    );
  });

  it('has the metrics of its alarms', () => {
    const metrics = alarmMetricsOf(Object.values(template.Resources));
    expect(metrics).toHaveLength(measured.collector.alarmMetrics);
  });
});

describe('A destination in the bill', () => {
  const template = Template.fromStack(
    buildApp(destinationContexts.http).pipeline.destination!,
  ).toJSON() as TemplateJson;
  const resources = Object.values(template.Resources);

  it('is all that is deployed for it', () => {
    expect(
      resources.map(({ Type }) => Type).filter((type) => !priced.includes(type) && !free.includes(type)),
    ).toEqual([]);
  });

  it('has the metrics of its alarms', () => {
    const metrics = resources
      .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
      .flatMap(({ Properties }) =>
        (Properties.Metrics ?? [Properties]).filter((one: object) => !('Expression' in one)),
      );
    expect(metrics).toHaveLength(measured.destination.alarmMetrics);
  });
});

describe('The detector of anomalies in the bill', () => {
  const template = Template.fromStack(
    buildApp({ anomalies: true }).pipeline.anomalies!,
  ).toJSON() as TemplateJson;
  const resources = Object.values(template.Resources);
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type);

  it('is all that is deployed for it', () => {
    expect(resources.filter(({ Type }) => !priced.includes(Type) && !free.includes(Type))).toEqual([]);
  });

  it('has the memory and the turns of its function, and the metrics of its alarms', () => {
    const { memoryMiB, turnsPerHour, alarmMetrics } = measured.anomalies;
    expect(ofType('AWS::Lambda::Function')[0]!.Properties.MemorySize).toBe(memoryMiB);
    expect(ofType('AWS::Events::Rule')[0]!.Properties.ScheduleExpression).toBe(
      `rate(${60 / turnsPerHour} minutes)`,
    );
    expect(alarmMetricsOf(resources)).toHaveLength(alarmMetrics);
  });
});

describe('The Parquet copy in the bill', () => {
  const template = Template.fromStack(
    buildApp({ analytics: true, parquet: true }).pipeline.analytics!,
  ).toJSON() as TemplateJson;
  const resources = Object.values(template.Resources);
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type);

  it('has the metrics of its alarms', () => {
    const metrics = ofType('AWS::CloudWatch::Alarm').flatMap(({ Properties }) =>
      (Properties.Metrics ?? [Properties]).filter((one: object) => !('Expression' in one)),
    );
    expect(metrics).toHaveLength(measured.parquet.alarmMetrics);
  });

  it('is one delivery stream with the buffer that is billed, one bucket and one function of ours', () => {
    const [delivery, ...others] = ofType('AWS::KinesisFirehose::DeliveryStream');
    expect(others).toEqual([]);
    const { BufferingHints } = delivery!.Properties.ExtendedS3DestinationConfiguration;
    expect(BufferingHints).toEqual({ SizeInMBs: 128, IntervalInSeconds: 60 });
    expect(ofType('AWS::S3::Bucket')).toHaveLength(1);
    expect(ofType('AWS::Lambda::Function').filter(({ Properties }) => Properties.Environment)).toHaveLength(
      1,
    );
  });
});

describe('The sources in the bill', () => {
  const template = Template.fromStack(
    buildApp({ logSources: true, busSource: 'shop', deduplicationSeconds: 300 }).pipeline.sources!,
  ).toJSON() as TemplateJson;
  const resources = Object.values(template.Resources);

  it('are all that is deployed for them', () => {
    // A queue of what failed; CloudFront takes for lines, not for asking for them.
    const freeToo = ['AWS::CloudFront::RealtimeLogConfig', 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy'];
    const known = [...priced, ...free, ...freeToo];
    expect(resources.filter(({ Type }) => !known.includes(Type))).toEqual([]);
  });

  it('have the metrics of their alarms', () => {
    expect(alarmMetricsOf(resources)).toHaveLength(measured.adapter.alarmMetrics + 1);
  });
});

describe('The alarms in the bill', () => {
  const alarmMetrics = (context: Readonly<Record<string, unknown>>) => {
    const templates = templatesOf(context);
    return applications
      .flatMap((name) => resourcesOf(templates[name], 'AWS::CloudWatch::Alarm'))
      .map(([, { Properties }]) =>
        // Each metric of an expression is charged, and the expression is not.
        (Properties.Metrics ?? [{ MetricStat: {} }]).filter((one: object) => 'MetricStat' in one),
      )
      .reduce((sum, metrics) => sum + metrics.length, 0);
  };

  it('are as many as are deployed', () => {
    const { always, heartbeat } = measured.alarmMetrics;

    expect(alarmMetrics({ stage: 'prod' })).toBe(always);
    expect(alarmMetrics({ stage: 'dev', heartbeatMinutes: 30 })).toBe(always + heartbeat);
    expect(alarmMetrics({ stage: 'prod', alarms: false })).toBe(0);
  }, 60_000);
});
