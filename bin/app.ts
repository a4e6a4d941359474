import { App } from 'aws-cdk-lib';
import { addPipeline } from '../lib/pipeline';
import { resolveSettings, SettingsError } from '../lib/settings';

const app = new App();
try {
  addPipeline(app, resolveSettings(app.node.getAllContext()));
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  // For whoever gave the settings: what is wrong, without a stack.
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
