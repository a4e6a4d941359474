import { readFile } from 'node:fs/promises';
import { plainReason } from '../../cli/plain-reason';
import { SetupError } from '../../cli/setup-error';
import { parseProfile } from './parse-profile';
import type { ChaosProfile } from './profile';
import { profiles } from './profiles';

/**
 * The profile of that name, or the one in that JSON file. Throws a `SetupError` that says what is wrong with it.
 */
export async function readProfile(nameOrFile: string): Promise<ChaosProfile> {
  if (Object.hasOwn(profiles, nameOrFile)) return profiles[nameOrFile as keyof typeof profiles];
  const text = await readFile(nameOrFile, 'utf8').catch((error: Error) => {
    throw new SetupError(
      `--chaos is "${nameOrFile}"; allowed: ${Object.keys(profiles).join(', ')}, or a JSON file (${plainReason(error)})`,
      { cause: error },
    );
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SetupError(`--chaos ${nameOrFile} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const { profile, problems } = parseProfile(value);
  if (!profile) throw new SetupError([`--chaos ${nameOrFile}:`, ...problems].join('\n  '));
  return profile;
}
