/**
 * The outputs of each stack. The stacks write them; the commands, and the laptop, read them. `stackName` gives the names
 * of the stacks.
 */
export const StackOutputs = {
  stream: {
    streamName: 'StreamName',
    streamArn: 'StreamArn',
    alarmTopicArn: 'AlarmTopicArn',
    keyArn: 'KeyArn',
  },
  aggregation: {
    tableName: 'TableName',
    aggregatorName: 'AggregatorFunctionName',
    compactorName: 'CompactorFunctionName',
    onFailureBucketName: 'OnFailureBucketName',
    /** `AggregationSettings` as JSON. */
    settings: 'AggregatorSettings',
  },
  archive: {
    bucketName: 'ArchiveBucketName',
    transformerName: 'TransformerFunctionName',
    deliveryStreamName: 'DeliveryStreamName',
  },
} as const;

/** The stream, and each application that reads it: a stack each. */
export type Application = keyof typeof StackOutputs;

/** Those that read the stream, and share what each of its shards gives. */
export const streamReaders = ['aggregation', 'archive'] as const satisfies readonly Application[];

/** The outputs of stacks that a setting adds. */
export const ExtensionOutputs = {
  analytics: {
    databaseName: 'DatabaseName',
    workGroupName: 'WorkGroupName',
    analystPolicyArn: 'AnalystPolicyArn',
    /** Of the Parquet copy, where there is one. */
    parquetDatabaseName: 'ParquetDatabaseName',
    parquetBucketName: 'ParquetBucketName',
  },
  dashboard: { address: 'DashboardAddress', userPoolId: 'UserPoolId' },
  collector: {
    /** `https://….lambda-url.….on.aws/`, or CloudFront's: in front of `events` and of `clicks.js`. */
    url: 'CollectorUrl',
    functionName: 'CollectorFunctionName',
  },
  destination: {
    deliveryStreamName: 'DestinationDeliveryStreamName',
    forwarderName: 'ForwarderFunctionName',
    /** What a destination has to let in, where it looks at roles. */
    roleArn: 'DestinationRoleArn',
  },
  anomalies: { functionName: 'AnomaliesFunctionName' },
  sources: {
    /** The stream of log lines, beside that of clicks. */
    logStreamName: 'LogStreamName',
    logStreamArn: 'LogStreamArn',
    adapterName: 'AdapterFunctionName',
    onFailureBucketName: 'LogOnFailureBucketName',
    /** For a behaviour of a CloudFront distribution. */
    realtimeLogConfigArn: 'RealtimeLogConfigArn',
    /** For a subscription filter of CloudWatch Logs, with `logStreamArn`. */
    subscriptionRoleArn: 'SubscriptionRoleArn',
    busRuleName: 'BusRuleName',
    /** Events that EventBridge gave up. */
    busDeadLetterQueueUrl: 'BusDeadLetterQueueUrl',
  },
  video: {
    streamName: 'VideoStreamName',
    streamArn: 'VideoStreamArn',
    /** For whoever records into it. */
    producerRoleArn: 'VideoProducerRoleArn',
  },
} as const;

/** What a behaviour of a site's own distribution needs to hand events to the collector (docs/collector.md). */
export const CloudFrontOutputs = {
  originDomain: 'CollectorOriginDomain',
  originRequestPolicyId: 'CollectorOriginRequestPolicyId',
  proofSecretArn: 'CollectorProofSecretArn',
} as const;

/** A stack that a deployment may do without. */
export type Extension = keyof typeof ExtensionOutputs;

export type ExtensionOutputName<E extends Extension> =
  (typeof ExtensionOutputs)[E][keyof (typeof ExtensionOutputs)[E]] & string;

/** The names of a stack's outputs. */
export type OutputName<A extends Application> = (typeof StackOutputs)[A][keyof (typeof StackOutputs)[A]] &
  string;

/** What the names of a deployment's stacks begin with: `clickstream-dev`. */
export function pipelineName({ name, stage }: { readonly name: string; readonly stage: string }): string {
  return `${name}-${stage}`;
}

/** @param pipeline what the names of its stacks begin with: `clickstream-dev` */
export function stackName(pipeline: string, application: Application | Extension): string {
  return `${pipeline}-${application}`;
}

const parts = [...Object.keys(StackOutputs), ...Object.keys(ExtensionOutputs)] as (Application | Extension)[];

/** The names of all stacks that a pipeline may have. */
export function stackNames(pipeline: string): readonly string[] {
  return parts.map((part) => stackName(pipeline, part));
}

/** What the names of a pipeline's stacks begin with, from the name of one of them, or from itself. */
export function pipelineOf(stack: string): string {
  const found = parts.find((name) => stack.endsWith(stackName('', name)));
  return found === undefined ? stack : stack.slice(0, -stackName('', found).length);
}

/** The application that a stack's name ends with; undefined for any other stack. */
export function applicationOf(stack: string): Application | undefined {
  const applications = Object.keys(StackOutputs) as Application[];
  return applications.find((application) => stack.endsWith(stackName('', application)));
}
