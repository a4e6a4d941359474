import { Aws, Duration, Validations } from 'aws-cdk-lib';
import { EventBus, type IRuleTarget, Match, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { busDetailType } from '../../contract/bus-events';
import { requiredFields } from '../../domain/event/click-event';
import type { ClickStream } from '../click-stream';
import { dataRemovalPolicy } from '../removal';
import type { Settings } from '../settings';

export interface BusRuleProps {
  readonly settings: Settings;
  /** Of clicks. */
  readonly stream: ClickStream;
}

/** Puts the details of an event bus's events into the stream, under their visitors. */
export class BusRule extends Construct {
  readonly ruleName: string;
  /** What EventBridge gave up: each event whole, with the reason among its attributes. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { settings, stream }: BusRuleProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: dataRemovalPolicy(settings.stage),
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is a dead-letter queue: a rule names it, which the check does not look at.',
    });
    // EventBridge docs: Using IAM policy conditions.
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    // A rule puts one record at a time (EventBridge docs: Amazon Kinesis streams as targets).
    stream.grantPut(role, ['kinesis:PutRecord']);
    const target: IRuleTarget = {
      bind: () => ({
        arn: stream.stream.streamArn,
        role,
        input: RuleTargetInput.fromEventPath('$.detail'),
        // Without it the key is the event's own id, and a visitor's clicks are in no order.
        kinesisParameters: { partitionKeyPath: '$.detail.visitorId' },
        deadLetterConfig: { arn: this.deadLetters.queueArn },
        // The most that EventBridge takes.
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      }),
    };
    const rule = new Rule(this, 'Rule', {
      description: 'Puts clicks of an event bus into the stream',
      ...(settings.busName !== 'default' && {
        eventBus: EventBus.fromEventBusName(this, 'Bus', settings.busName),
      }),
      eventPattern: {
        source: [settings.busSource],
        detailType: [busDetailType],
        // What lacks one of them would be counted as invalid, or could not be put at all.
        detail: Object.fromEntries(requiredFields.map((field) => [field, Match.anythingBut('')])),
      },
      targets: [target],
    });
    this.ruleName = rule.ruleName;
    this.deadLetters.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        principals: [new ServicePrincipal('events.amazonaws.com')],
        resources: [this.deadLetters.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    );
  }
}
