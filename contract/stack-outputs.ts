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

/** The names of a stack's outputs. */
export type OutputName<A extends Application> = (typeof StackOutputs)[A][keyof (typeof StackOutputs)[A]] &
  string;

/** @param pipeline what the names of its stacks begin with: `clickstream-dev` */
export function stackName(pipeline: string, application: Application): string {
  return `${pipeline}-${application}`;
}

/** What the names of a pipeline's stacks begin with, from the name of one of them, or from itself. */
export function pipelineOf(stack: string): string {
  const applications = Object.keys(StackOutputs) as Application[];
  const suffix = applications
    .map((application) => stackName('', application))
    .find((end) => stack.endsWith(end));
  return suffix === undefined ? stack : stack.slice(0, -suffix.length);
}
