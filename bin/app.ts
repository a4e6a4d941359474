import { App } from 'aws-cdk-lib';
import { addPipeline } from '../lib/pipeline';
import { resolveSettings, SettingsError } from '../lib/settings';

async function main(): Promise<void> {
  const app = new App();
  addPipeline(app, resolveSettings(app.node.getAllContext()));
  // Without CDK's own rules these are left out as well. Even loading them takes a while.
  if (process.env.CDK_VALIDATION !== 'false') {
    const { addSecurityChecks } = await import('../lib/security-checks');
    addSecurityChecks(app);
  }
}

main().catch((error: unknown) => {
  if (!(error instanceof SettingsError)) throw error;
  // For whoever gave the settings: what is wrong, without a stack.
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
});
