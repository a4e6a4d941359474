import type { Price } from './prices';

export type Service =
  | 'Kinesis Data Streams'
  | 'Firehose'
  | 'Lambda'
  | 'DynamoDB'
  | 'S3'
  | 'CloudWatch'
  | 'SNS'
  | 'KMS'
  | 'API Gateway'
  | 'CloudFront'
  | 'Cognito'
  | 'EventBridge'
  | 'Secrets Manager';

/** One line of the bill. */
export interface CostLine {
  readonly service: Service;
  /** What makes the quantity. */
  readonly driver: string;
  /** A month's. */
  readonly quantity: number;
  readonly unit: string;
  /** In dollars, of as many units as `per` says. */
  readonly price: number;
  readonly per: number;
  readonly dollars: number;
}

export function costLine(service: Service, driver: string, quantity: number, price: Price): CostLine {
  const { dollars, per, unit } = price;
  return { service, driver, quantity, unit, price: dollars, per, dollars: (quantity * dollars) / per };
}

export function totalOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}
