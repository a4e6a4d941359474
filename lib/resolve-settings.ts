import { checkTogether } from './setting-relations';
import { shown } from './setting-rules';
import {
  isSetting,
  type SettingName,
  type Settings,
  type Stage,
  settingNames,
  settingRules,
} from './settings';

/** What a file asks for, unchecked. */
export interface SettingsFile {
  /** As a message names it. */
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

// CDK's own keys all contain one of these; a setting never does, so any other key is ours or a typing error.
const cdkContextKey = /[:/]/;

/**
 * Settings of one deployment: the stage's defaults, its file's on top, and `context` on top of both.
 *
 * @param context The app's whole context. Values may be strings, as the command line gives them.
 * @param fileOf The file of a stage; none if there is none.
 * @throws SettingsError naming every wrong setting, its value, and what is allowed.
 */
export function resolveSettings(
  context: Readonly<Record<string, unknown>>,
  fileOf: (stage: Stage) => SettingsFile | undefined = () => undefined,
): Settings {
  const problems = unknownNames(Object.keys(context).filter((key) => !cdkContextKey.test(key)));
  const stage = context.stage === undefined ? 'dev' : settingRules.stage.parse(context.stage);
  if (stage === undefined) throw new SettingsError([...problems, refusal('stage', context.stage)]);

  const file = fileOf(stage);
  const settings: Partial<Record<SettingName, Settings[SettingName]>> = {};
  for (const name of settingNames) settings[name] = settingRules[name][stage];
  if (file) {
    const inFile = [...unknownNames(Object.keys(file.values)), ...take(file.values, settings)];
    problems.push(...inFile.map((problem) => `${file.path}: ${problem}`));
  }
  problems.push(...take(context, settings));
  if (problems.length > 0) throw new SettingsError(problems);

  // The loop above gave every name a value that its own rule has, which the index type cannot express.
  const complete = settings as Settings;
  const given = { ...file?.values, ...context };
  const conflicts = checkTogether(complete, given.shardCount !== undefined);
  if (conflicts.length > 0) throw new SettingsError(conflicts);
  return complete;
}

/** Puts the settings that were given on top of `settings`; returns what is wrong with them. */
function take(
  given: Readonly<Record<string, unknown>>,
  settings: Partial<Record<SettingName, Settings[SettingName]>>,
): string[] {
  const problems: string[] = [];
  for (const name of settingNames) {
    const value = given[name];
    if (value === undefined) continue;
    const parsed = settingRules[name].parse(value);
    if (parsed === undefined) problems.push(refusal(name, value));
    else settings[name] = parsed;
  }
  return problems;
}

function unknownNames(names: readonly string[]): string[] {
  return names
    .filter((name) => !isSetting(name))
    .map((name) => `${name}: is not a setting; allowed are ${settingNames.join(', ')}`);
}

function refusal(name: SettingName, value: unknown): string {
  return `${name}: ${shown(value)} is not allowed; allowed is ${settingRules[name].allowed}`;
}

/** What is wrong with the settings that were given, in words for whoever gave them. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(problems: readonly string[]) {
    super(['Invalid settings:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}
