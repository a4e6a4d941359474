import { Stack } from 'aws-cdk-lib';
import { Endpoint, RealtimeLogConfig } from 'aws-cdk-lib/aws-cloudfront';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { realtimeLogFields } from '../../lambda/adapter/contract';
import type { ClickStream } from '../click-stream';
import { policyOf } from '../role-policy';

export interface LogWritersProps {
  /** Of log lines. */
  readonly stream: ClickStream;
}

/** What lets CloudFront and CloudWatch Logs put into the stream of log lines. Nothing does before somebody subscribes. */
export class LogWriters extends Construct {
  /** For a behaviour of a distribution. */
  readonly realtimeLogConfigArn: string;
  /** For a subscription filter. */
  readonly subscriptionRoleArn: string;

  constructor(scope: Construct, id: string, { stream }: LogWritersProps) {
    super(scope, id);
    // The trust policy that AWS documents (Use real-time logs), which has no condition.
    const cloudFront = new Role(this, 'CloudFront', {
      assumedBy: new ServicePrincipal('cloudfront.amazonaws.com'),
    });
    stream.grantPut(cloudFront, [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:PutRecord',
      'kinesis:PutRecords',
    ]);
    const config = new RealtimeLogConfig(this, 'RealtimeLog', {
      fields: [...realtimeLogFields],
      // Every request: a share of them could not be counted exactly.
      samplingRate: 100,
      endPoints: [Endpoint.fromKinesisStream(stream.stream, cloudFront.withoutPolicyUpdates())],
    });
    // CloudFront tries whether it may.
    config.node.addDependency(policyOf(cloudFront));
    this.realtimeLogConfigArn = config.realtimeLogConfigArn;

    // The one condition that AWS documents (CloudWatch Logs docs: Log group-level subscription filters).
    const anyLogGroup = Stack.of(this).formatArn({ service: 'logs', resource: '*' });
    const cloudWatch = new Role(this, 'CloudWatchLogs', {
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        conditions: { ArnLike: { 'aws:SourceArn': anyLogGroup } },
      }),
    });
    stream.grantPut(cloudWatch, ['kinesis:PutRecord', 'kinesis:PutRecords']);
    this.subscriptionRoleArn = cloudWatch.roleArn;
  }
}
