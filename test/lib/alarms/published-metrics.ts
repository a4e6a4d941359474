/** A metric as the service's documentation publishes it. */
export interface PublishedMetric {
  readonly namespace: string;
  readonly name: string;
  /** All of them: CloudWatch does not add up what has more dimensions than an alarm names. */
  readonly dimensions: readonly string[];
  /** Undefined where the documentation gives none. */
  readonly unit: string | undefined;
  readonly statistics: readonly string[];
}

const spread = ['Minimum', 'Maximum', 'Average', 'SampleCount'];

function metrics(
  namespace: string,
  dimensions: readonly string[],
  rows: Readonly<Record<string, readonly [unit: string | undefined, statistics: readonly string[]]>>,
): PublishedMetric[] {
  return Object.entries(rows).map(([name, [unit, statistics]]) => ({
    namespace,
    name,
    dimensions,
    unit,
    statistics,
  }));
}

/** The metrics that the alarms use, copied from AWS's pages and not from the alarms. Looked up on 2026-11-28. */
export const publishedMetrics: readonly PublishedMetric[] = [
  // Monitor the Amazon Kinesis Data Streams service with Amazon CloudWatch: basic stream-level metrics.
  ...metrics('AWS/Kinesis', ['StreamName'], {
    'GetRecords.IteratorAgeMilliseconds': ['Milliseconds', spread],
    IncomingRecords: ['Count', ['Sum', ...spread]],
    ReadProvisionedThroughputExceeded: ['Count', ['Sum', ...spread]],
    WriteProvisionedThroughputExceeded: ['Count', ['Sum', ...spread]],
  }),
  // Available CloudWatch metrics for Amazon SQS.
  ...metrics('AWS/SQS', ['QueueName'], {
    ApproximateNumberOfMessagesVisible: ['Count', ['Sum', ...spread]],
  }),
  // Types of metrics for Lambda functions: counts are to be looked at as sums.
  ...metrics('AWS/Lambda', ['FunctionName'], {
    Invocations: ['Count', ['Sum']],
    Errors: ['Count', ['Sum']],
    Throttles: ['Count', ['Sum']],
    DestinationDeliveryFailures: ['Count', ['Sum']],
    Duration: ['Milliseconds', ['Average', 'Maximum', 'p95', 'p99']],
    IteratorAge: ['Milliseconds', ['Average', 'Maximum']],
  }),
  // Monitoring Lambda function URLs.
  ...metrics('AWS/Lambda', ['FunctionName'], {
    UrlRequestCount: ['Count', ['Sum']],
    Url5xxCount: ['Count', ['Sum']],
  }),
  // Monitor CloudWatch metrics for HTTP APIs in API Gateway: of the whole API.
  ...metrics('AWS/ApiGateway', ['ApiId'], {
    '4xx': ['Count', ['Sum']],
    '5xx': ['Count', ['Sum']],
    Count: ['Count', ['Sum']],
  }),
  // Types of metrics for Lambda functions, event source mapping metrics: those of the group EventCount that a stream has.
  ...metrics('AWS/Lambda', ['EventSourceMappingUUID'], {
    PolledEventCount: ['Count', ['Sum']],
    FilteredOutEventCount: ['Count', ['Sum']],
    InvokedEventCount: ['Count', ['Sum']],
    FailedInvokeEventCount: ['Count', ['Sum']],
    DroppedEventCount: ['Count', ['Sum']],
    OnFailureDestinationDeliveredEventCount: ['Count', ['Sum']],
  }),
  // DynamoDB metrics and dimensions.
  ...metrics('AWS/DynamoDB', ['TableName'], {
    ReadThrottleEvents: ['Count', ['Sum', 'SampleCount']],
    WriteThrottleEvents: ['Count', ['Sum', 'SampleCount']],
  }),
  ...metrics('AWS/DynamoDB', ['Operation', 'TableName'], {
    SystemErrors: ['Count', ['Sum', 'SampleCount']],
  }),
  // Monitor Amazon Data Firehose with CloudWatch metrics: data delivery, data ingestion, data transformation, format
  // conversion.
  ...metrics('AWS/Firehose', ['DeliveryStreamName'], {
    'DeliveryToS3.DataFreshness': ['Seconds', spread],
    'DeliveryToS3.Records': ['Count', ['Sum', ...spread]],
    'DeliveryToS3.Success': [undefined, ['Sum', ...spread]],
    'ExecuteProcessing.Success': [undefined, ['Sum', ...spread]],
    'FailedConversion.Records': ['Count', ['Sum', ...spread]],
    KinesisMillisBehindLatest: ['Milliseconds', spread],
    'DeliveryToHttpEndpoint.DataFreshness': ['Seconds', spread],
    'DeliveryToHttpEndpoint.Success': [undefined, ['Sum', ...spread]],
    'DeliveryToAmazonOpenSearchService.DataFreshness': ['Seconds', spread],
    'DeliveryToAmazonOpenSearchService.Success': [undefined, ['Sum', ...spread]],
    'DeliveryToSplunk.DataFreshness': ['Seconds', spread],
    'DeliveryToSplunk.Success': [undefined, ['Sum', ...spread]],
    'DeliveryToRedshift.DataFreshness': ['Seconds', spread],
    'DeliveryToRedshift.Success': [undefined, ['Sum', ...spread]],
  }),
];
