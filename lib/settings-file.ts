import { readFileSync } from 'node:fs';
import { SettingsError, type SettingsFile } from './resolve-settings';
import { shown } from './setting-rules';
import type { Stage } from './settings';

/**
 * The settings of a stage that are under version control, `config/<stage>.json` below the working directory, which is
 * that of `cdk.json`: a deploy that leaves out a flag of the one before does not take it back.
 *
 * @returns undefined if there is no such file
 * @throws SettingsError if it cannot be read, or is no JSON object of settings
 */
export function readSettingsFile(stage: Stage): SettingsFile | undefined {
  const path = `config/${stage}.json`;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SettingsError([`${path}: cannot be read: ${(error as Error).message}`]);
  }
  const values = parsed(path, text);
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new SettingsError([`${path}: ${shown(values)} is not allowed; allowed is an object of settings`]);
  }
  if ('stage' in values) {
    throw new SettingsError([`${path}: stage: is what chooses the file; give it with -c stage=${stage}`]);
  }
  return { path, values: values as SettingsFile['values'] };
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SettingsError([`${path}: is not JSON: ${(error as Error).message}`]);
  }
}
