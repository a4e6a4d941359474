import { join } from 'node:path';
import { clientFiles } from '../../lambda/collector/contract';
import type { BrowserFile } from '../function-bundling';

const client = join(__dirname, '../../collector/client');

/** The client, as the collector gives it out. */
export const clientBundles: readonly BrowserFile[] = [
  { name: clientFiles.script, entry: join(client, 'script.ts') },
  { name: clientFiles.module, entry: join(client, 'tracker.ts') },
];
