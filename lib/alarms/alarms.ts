import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { runbookOf, writeDescription } from '../../alarms/alarm-description';
import { type AlarmRule, comparisons, missingData } from './alarm-rule';

export interface AlarmsProps {
  readonly rules: readonly AlarmRule[];
  /** Is told when an alarm goes off, and when all is well again. */
  readonly topic: ITopic;
}

/** The alarms of a stack. */
export class Alarms extends Construct {
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, { rules, topic }: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(topic);
    const nameOf = (rule: AlarmRule) => alarmName(Stack.of(this).stackName, rule.id);
    this.names = rules.map(nameOf);
    for (const rule of rules) {
      const [datapointsToAlarm, evaluationPeriods] = rule.breaching;
      const alarm = new Alarm(this, rule.id, {
        alarmName: nameOf(rule),
        alarmDescription: writeDescription({ meaning: rule.meaning, runbook: runbookOf(rule.id) }),
        metric: rule.metric,
        comparisonOperator: comparisons[rule.is],
        threshold: rule.threshold,
        datapointsToAlarm,
        evaluationPeriods,
        treatMissingData: missingData[rule.withoutData],
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

/** By name, so that a message says which, and the dashboard finds alarms of stacks that it does not import from. */
export function alarmName(stackName: string, id: string): string {
  return `${stackName}-${id}`;
}

/** @param name of an alarm of this account and Region, or a pattern of such names */
export function alarmArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
