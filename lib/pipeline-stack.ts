import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type Application, type Extension, pipelineName, stackName } from '../contract/stack-outputs';
import type { AlarmRule } from './alarms/alarm-rule';
import { Alarms } from './alarms/alarms';
import type { Settings } from './settings';

export interface PipelineStackProps {
  readonly settings: Settings;
}

interface Purpose {
  /** Ends the stack's name: `<name>-<stage>-<application>`. */
  readonly application: Application | Extension;
  /** What the stack is for, as a sentence without its full stop. */
  readonly purpose: string;
  /** The data that deleting the stack deletes in dev, and keeps in prod. */
  readonly data: string;
}

/** What the stacks of a deployment have in common: name, tags, and saying what becomes of their data. */
export abstract class PipelineStack extends Stack {
  /** Names of the stack's alarms; none where they are off. */
  alarmNames: readonly string[] = [];

  constructor(
    app: App,
    protected readonly settings: Settings,
    { application, purpose, data }: Purpose,
  ) {
    const keeps = settings.stage === 'prod';
    super(app, stackName(pipelineName(settings), application), {
      description: `${purpose}. Deleting the stack ${keeps ? 'keeps' : 'deletes'} ${data}.`,
      terminationProtection: settings.deletionProtection,
      // CloudFormation passes them on to every resource, also to those that CDK does not tag.
      tags: { project: settings.name, stage: settings.stage },
    });
  }

  /** @param topic whom they tell */
  protected addAlarms(rules: readonly AlarmRule[], topic: ITopic): void {
    if (this.settings.alarms) this.alarmNames = new Alarms(this, 'Alarms', { rules, topic }).names;
  }

  /** @param values by the output's name, each one of `StackOutputs` */
  protected addOutputs(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
