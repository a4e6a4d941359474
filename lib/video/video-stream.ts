import { Aws, Duration } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnStream } from 'aws-cdk-lib/aws-kinesisvideo';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { dataRemovalPolicy } from '../removal';
import type { Settings } from '../settings';

export interface VideoStreamProps {
  readonly settings: Pick<Settings, 'name' | 'stage' | 'videoRetentionHours'>;
}

/** One video stream under a key of its own, and the role of the one who records into it. */
export class VideoStream extends Construct {
  readonly streamName: string;
  readonly streamArn: string;
  readonly producerRoleArn: string;

  constructor(scope: Construct, id: string, { settings }: VideoStreamProps) {
    super(scope, id);
    const removalPolicy = dataRemovalPolicy(settings.stage);
    // Not the key of the clicks: who may see what visitors do on their screens is another question than who may count it.
    const key = new Key(this, 'Key', {
      description: `Recordings of ${settings.name} ${settings.stage}`,
      enableKeyRotation: true,
      pendingWindow: Duration.days(7),
      removalPolicy,
    });
    const stream = new CfnStream(this, 'Stream', {
      dataRetentionInHours: settings.videoRetentionHours,
      kmsKeyId: key.keyArn,
      mediaType: 'video/h264',
    });
    stream.applyRemovalPolicy(removalPolicy);
    this.streamName = stream.ref;
    this.streamArn = stream.attrArn;

    // Whom this account's policies let assume it: an instance's role, or a task's.
    const producer = new Role(this, 'Producer', { assumedBy: new AccountRootPrincipal() });
    producer.addToPrincipalPolicy(
      new PolicyStatement({
        // Video Streams docs: Controlling access, "Example policies", of a producer that writes into a stream that is there.
        actions: ['kinesisvideo:DescribeStream', 'kinesisvideo:GetDataEndpoint', 'kinesisvideo:PutMedia'],
        resources: [stream.attrArn],
      }),
    );
    producer.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['kms:GenerateDataKey'],
        resources: [key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `kinesisvideo.${Aws.REGION}.amazonaws.com` } },
      }),
    );
    this.producerRoleArn = producer.roleArn;
  }
}
