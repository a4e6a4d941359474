import { App } from 'aws-cdk-lib';
import { addPipeline } from '../lib/pipeline';
import { resolveSettings, SettingsError } from '../lib/resolve-settings';
import { describeOrigins } from '../lib/setting-origins';
import type { Settings } from '../lib/settings';
import { readSettingsFile } from '../lib/settings-file';

async function main(): Promise<void> {
  const app = new App();
  addPipeline(app, settingsOf(app.node.getAllContext()));
  // Without CDK's own rules these are left out as well. Even loading them takes a while.
  if (process.env.CDK_VALIDATION !== 'false') {
    const { addSecurityChecks } = await import('../lib/security-checks');
    addSecurityChecks(app);
  }
}

function settingsOf(context: Readonly<Record<string, unknown>>): Settings {
  const settings = resolveSettings(context, readSettingsFile);
  const lines = [...describeOrigins(settings, context, readSettingsFile(settings.stage))];
  if (settings.stage === 'prod' && !settings.deletionProtection) {
    lines.push(
      'deletionProtection: off; switch it on in config/prod.json once the three stacks stand (docs/operations.md)',
    );
  }
  if (settings.stage === 'prod' && settings.alarms && !settings.alarmEmail && !settings.alarmTopicArn) {
    lines.push('alarmEmail: none; nobody hears of alarms until somebody subscribes to their topic');
  }
  if (settings.collector && settings.deduplicationSeconds === 0) {
    lines.push('deduplicationSeconds: off; what browsers send again to the collector counts again');
  }
  if (settings.destination === 'opensearch') {
    lines.push(
      'destination: OpenSearch takes one event a record; producers need --pack kpl or none, and a request to the collector one event',
    );
  }
  if (settings.encryption === 'customer-managed') {
    lines.push(
      'encryption: where the pipeline runs without the key, deploy key-granted first, or its readers stand still for a while (docs/operations.md)',
    );
  }
  for (const line of lines) process.stderr.write(`${line}\n`);
  return settings;
}

main().catch((error: unknown) => {
  if (!(error instanceof SettingsError)) throw error;
  // For whoever gave the settings: what is wrong, without a stack.
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
});
