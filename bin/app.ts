import { App } from 'aws-cdk-lib';
import { addPipeline } from '../lib/pipeline';
import { resolveSettings } from '../lib/settings';

const app = new App();
addPipeline(app, resolveSettings(app.node.getAllContext()));
