/**
 * The process of `firstTemplate`: loads what a test of the stacks imports, synthesizes, and says what that took.
 *
 * The argument tells how: `tests`, as this project's tests do it; `defaults`, with everything that a synthesis has by
 * default: bundles, CDK's rules, cdk-nag's; `bare`, two bare stacks as the tests do it.
 */
async function main(how: string): Promise<void> {
  if (how !== 'defaults') process.env.CDK_VALIDATION = 'false';
  const beforeImport = moment();
  const { App, CfnWaitConditionHandle, Stack } = await import('aws-cdk-lib');
  const { Template } = await import('aws-cdk-lib/assertions');
  const { addPipeline } = await import('../../lib/pipeline');
  const { resolveSettings } = await import('../../lib/settings');
  const { default: cdkJson } = await import('../../cdk.json');
  const securityChecks = how === 'defaults' ? await import('../../lib/security-checks') : undefined;

  const beforeTemplate = moment();
  const context = { ...cdkJson.context, ...(how === 'defaults' ? {} : { 'aws:cdk:bundling-stacks': [] }) };
  const app = new App({ context, analyticsReporting: false });
  const bare = (name: string) => new CfnWaitConditionHandle(new Stack(app, name), 'Handle').stack;
  const stack =
    how === 'bare' ? [bare('first'), bare('second')][0]! : addPipeline(app, resolveSettings({})).aggregation;
  securityChecks?.addSecurityChecks(app);
  const { Resources = {} } = Template.fromStack(stack).toJSON();
  const end = moment();
  process.send!({
    importing: between(beforeImport, beforeTemplate),
    first: between(beforeTemplate, end),
    resources: Object.keys(Resources).length,
  });
}

function moment() {
  return { cpu: process.cpuUsage(), ms: performance.now() };
}

function between(from: ReturnType<typeof moment>, to: ReturnType<typeof moment>) {
  const cpu = to.cpu.user + to.cpu.system - from.cpu.user - from.cpu.system;
  return { cpuMs: cpu / 1_000, ms: to.ms - from.ms };
}

void main(process.argv[2]!);
