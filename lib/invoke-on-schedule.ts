import type { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

export interface ScheduledInvocation {
  readonly description: string;
  readonly interval: Duration;
  /** The event. */
  readonly input: object;
}

/** Invokes a function at a fixed rate. One that fails is not repeated: the next one comes. */
export function invokeOnSchedule(
  scope: Construct,
  target: LambdaFunction,
  { description, interval, input }: ScheduledInvocation,
): void {
  const schedule = new Rule(scope, 'Schedule', { description, schedule: Schedule.rate(interval) });
  schedule.addTarget({
    bind: () => ({
      arn: target.functionArn,
      input: RuleTargetInput.fromObject(input),
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: interval.toSeconds() },
    }),
  });
  // Not CDK's own target, which puts the stack's name into the permission's logical id.
  target.addPermission('MayBeScheduled', {
    principal: new ServicePrincipal('events.amazonaws.com'),
    sourceArn: schedule.ruleArn,
  });
}
