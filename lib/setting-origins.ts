import type { SettingsFile } from './resolve-settings';
import { shown } from './setting-rules';
import { type Settings, settingNames, settingRules } from './settings';

/**
 * A line for each setting of a deployment that is not its stage's default, or not what the stage's file has: where it
 * comes from, and what a deploy without that would take.
 *
 * @param context what `settings` were resolved from, and `file`, if there is one
 */
export function describeOrigins(
  settings: Settings,
  context: Readonly<Record<string, unknown>>,
  file: SettingsFile | undefined,
): readonly string[] {
  const { stage } = settings;
  const lines: string[] = [];
  for (const name of settingNames) {
    if (name === 'stage') continue;
    const { [stage]: byDefault, parse } = settingRules[name];
    const inFile = file && name in file.values ? parse(file.values[name]) : undefined;
    const value = settings[name];
    const usual = `${stage} has ${shown(byDefault)} by default`;
    if (context[name] !== undefined && value !== (inFile ?? byDefault)) {
      const without = inFile === undefined ? usual : `${file?.path} has ${shown(inFile)}`;
      lines.push(`${name}: ${shown(value)} by -c, for this time only; ${without}`);
    } else if (value !== byDefault) {
      lines.push(`${name}: ${shown(value)} by ${file?.path}; ${usual}`);
    }
  }
  return lines;
}
