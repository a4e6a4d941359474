/** How well a price is known: read on AWS's page or said alike by several others; or by one, or from memory. */
export type Confidence = 'good' | 'weak';

export interface Price {
  readonly dollars: number;
  /** What is counted. */
  readonly unit: string;
  /** How many of them the price is for. */
  readonly per: number;
  readonly source: string;
  readonly confidence: Confidence;
}

/** What one region charges, first tier, without the free tier. */
export interface PriceList {
  readonly region: string;
  /** When the prices were last looked up, `YYYY-MM-DD`. */
  readonly date: string;
  readonly prices: Readonly<Record<PriceName, Price>>;
}

const pages = {
  kinesis: 'aws.amazon.com/kinesis/data-streams/pricing',
  firehose: 'aws.amazon.com/firehose/pricing',
  lambda: 'aws.amazon.com/lambda/pricing',
  dynamodb: 'aws.amazon.com/dynamodb/pricing/on-demand',
  s3: 'aws.amazon.com/s3/pricing',
  cloudWatch: 'aws.amazon.com/cloudwatch/pricing',
  sns: 'aws.amazon.com/sns/pricing',
  kms: 'aws.amazon.com/kms/pricing',
  apiGateway: 'aws.amazon.com/api-gateway/pricing',
  cloudFront: 'aws.amazon.com/cloudfront/pricing',
  cognito: 'aws.amazon.com/cognito/pricing',
  eventBridge: 'aws.amazon.com/eventbridge/pricing',
  secretsManager: 'aws.amazon.com/secrets-manager/pricing',
} as const;

function price(
  dollars: number,
  unit: string,
  source: keyof typeof pages,
  confidence: Confidence,
  per = 1,
): Price {
  return { dollars, unit, per, source: pages[source], confidence };
}

const million = 1_000_000;

/**
 * Figures that pages about the prices give; the source is the page that has the last word, and that none of them
 * could be read off by a machine.
 */
const northernVirginia = {
  shardHour: price(0.015, 'shard-hour', 'kinesis', 'good'),
  putUnit: price(0.014, 'PUT unit', 'kinesis', 'good', million),
  extendedRetentionShardHour: price(0.02, 'shard-hour', 'kinesis', 'weak'),
  onDemandStreamHour: price(0.04, 'stream-hour', 'kinesis', 'good'),
  onDemandIn: price(0.08, 'GB', 'kinesis', 'good'),
  onDemandOut: price(0.04, 'GB', 'kinesis', 'good'),
  onDemandExtendedRetention: price(0.1, 'GB-month', 'kinesis', 'weak'),
  longTermRetention: price(0.023, 'GB-month', 'kinesis', 'weak'),
  firehose: price(0.029, 'GB', 'firehose', 'good'),
  firehoseConversion: price(0.018, 'GB', 'firehose', 'good'),
  lambdaRequest: price(0.2, 'request', 'lambda', 'good', million),
  lambdaArmDuration: price(0.0000133334, 'GB-s', 'lambda', 'good'),
  tableWriteUnit: price(0.625, 'write unit', 'dynamodb', 'good', million),
  tableReadUnit: price(0.125, 'read unit', 'dynamodb', 'good', million),
  tableStorage: price(0.25, 'GB-month', 'dynamodb', 'good'),
  tablePointInTimeRecovery: price(0.2, 'GB-month', 'dynamodb', 'weak'),
  objectPut: price(0.005, 'PUT', 's3', 'good', 1_000),
  objectToInfrequentAccess: price(0.01, 'transition', 's3', 'weak', 1_000),
  objectToGlacier: price(0.02, 'transition', 's3', 'weak', 1_000),
  objectStandard: price(0.023, 'GB-month', 's3', 'good'),
  objectInfrequentAccess: price(0.0125, 'GB-month', 's3', 'good'),
  objectGlacier: price(0.004, 'GB-month', 's3', 'good'),
  alarmMetric: price(0.1, 'metric-month', 'cloudWatch', 'good'),
  dashboard: price(3, 'dashboard-month', 'cloudWatch', 'good'),
  customMetric: price(0.3, 'metric-month', 'cloudWatch', 'good'),
  metricsApiRequest: price(0.01, 'request or metric', 'cloudWatch', 'good', 1_000),
  email: price(2, 'e-mail', 'sns', 'good', 100_000),
  logIngestion: price(0.5, 'GB', 'cloudWatch', 'good'),
  logStorage: price(0.03, 'GB-month', 'cloudWatch', 'weak'),
  key: price(1, 'key-month', 'kms', 'weak'),
  keyRequest: price(0.03, 'request', 'kms', 'weak', 10_000),
  httpApiRequest: price(1, 'request', 'apiGateway', 'good', million),
  cloudFrontRequest: price(0.01, 'request', 'cloudFront', 'weak', 10_000),
  user: price(0.0055, 'user-month', 'cognito', 'weak'),
  busEvent: price(1, 'event', 'eventBridge', 'good', million),
  secret: price(0.4, 'secret-month', 'secretsManager', 'good'),
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof northernVirginia;

const priceLists: readonly PriceList[] = [
  { region: 'us-east-1', date: '2026-11-21', prices: northernVirginia },
];

export const pricedRegions: readonly string[] = priceLists.map(({ region }) => region);

/** @throws RangeError that names the regions whose prices are known */
export function pricesOf(region: string): PriceList {
  const found = priceLists.find((list) => list.region === region);
  if (!found) {
    throw new RangeError(`region "${region}"; prices are known of ${pricedRegions.join(', ')}`);
  }
  return found;
}
