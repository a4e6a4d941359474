import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../cdk.json';
import { addPipeline } from '../../lib/pipeline';
import { resolveSettings } from '../../lib/resolve-settings';
import { bareStacks } from './bare-stacks';

/** How a template comes about. */
export type Making =
  /** As this project's tests do it. */
  | 'tests'
  /** With everything that a synthesis has by default: bundles, CDK's rules, cdk-nag's. */
  | 'defaults'
  /** Of a stack that is hardly anything, beside another one, as the tests do it. */
  | 'bare';

/** Synthesizes an app and takes one stack's template; how many resources it has. */
export async function makeTemplate(making: Making): Promise<number> {
  const hasAll = making === 'defaults';
  if (!hasAll) process.env.CDK_VALIDATION = 'false';
  const context = { ...cdkJson.context, ...(hasAll ? {} : { 'aws:cdk:bundling-stacks': [] }) };
  const app = new App({ context, analyticsReporting: false });
  const stack = making === 'bare' ? bareStacks(app)[0]! : addPipeline(app, resolveSettings({})).aggregation;
  if (hasAll) {
    const { addSecurityChecks } = await import('../../lib/security-checks');
    addSecurityChecks(app);
  }
  const { Resources } = Template.fromStack(stack).toJSON();
  return Object.keys(Resources).length;
}
