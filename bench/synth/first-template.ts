// A process of its own, which makes the first template as the tests of the stacks do, without bundles and CDK's rules, and
// prints the CPU time that it took, in milliseconds, and how many resources the template has.

async function main(): Promise<void> {
  const start = process.cpuUsage();
  const { App } = await import('aws-cdk-lib');
  const { Template } = await import('aws-cdk-lib/assertions');
  const { default: cdkJson } = await import('../../cdk.json');
  const { addPipeline } = await import('../../lib/pipeline');
  const { resolveSettings } = await import('../../lib/resolve-settings');
  const { bareStacks } = await import('./bare-app');
  const imported = process.cpuUsage(start);
  const before = process.cpuUsage();
  const context = { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] };
  const app = new App({ context, analyticsReporting: false });
  const stack =
    process.argv[2] === 'bare' ? bareStacks(app)[0]! : addPipeline(app, resolveSettings({})).aggregation;
  const { Resources } = Template.fromStack(stack).toJSON();
  const made = process.cpuUsage(before);
  const millis = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1_000;
  const resources = Object.keys(Resources).length;
  process.stdout.write(JSON.stringify({ importing: millis(imported), making: millis(made), resources }));
}

void main();
