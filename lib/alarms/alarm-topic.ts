import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { pipelineName } from '../../contract/stack-outputs';
import type { CustomerKey } from '../click-stream';
import type { Settings } from '../settings';
import { alarmArn } from './alarms';

export interface AlarmTopicProps {
  readonly settings: Settings;
  /** Undefined, or one that encrypts nothing: SNS has no key of its own that CloudWatch might use. */
  readonly customerKey: CustomerKey | undefined;
}

/** Whom the alarms of every stack tell. */
export class AlarmTopic extends Construct {
  /** There even if the alarms tell another topic, so that switching between the two changes no export. */
  readonly own: Topic;
  /** The one that the alarms tell. */
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, { settings, customerKey }: AlarmTopicProps) {
    super(scope, id);
    this.own = new Topic(this, 'Topic', {
      displayName: `Alarms of ${settings.name} ${settings.stage}`,
      enforceSSL: true,
      ...(customerKey?.encrypts && { masterKey: customerKey.key }),
    });
    const ofThisDeployment = alarmsOnly(this, `${pipelineName(settings)}-*`);
    this.own.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        resources: [this.own.topicArn],
        ...ofThisDeployment,
      }),
    );
    // SNS docs: Enable compatibility between event sources from AWS services and encrypted topics. Granted before
    // the key encrypts anything, like all its uses.
    customerKey?.key.addToResourcePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        ...ofThisDeployment,
      }),
    );
    if (settings.alarmEmail !== '') this.own.addSubscription(new EmailSubscription(settings.alarmEmail));
    this.topic =
      settings.alarmTopicArn === '' ? this.own : Topic.fromTopicArn(this, 'Given', settings.alarmTopicArn);
  }
}

/** CloudWatch (its docs: Notify users on alarm changes), on behalf of alarms of this account and region with such names. */
function alarmsOnly(scope: Construct, names: string) {
  return {
    effect: Effect.ALLOW,
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    conditions: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': alarmArn(scope, names) },
    },
  };
}
