import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Arguments with which Node runs the project's TypeScript, in a process of its own, as `npm run` does. */
export const nodeArguments: readonly string[] = [
  '--import',
  pathToFileURL(join(__dirname, 'typescript.mjs')).href,
];
