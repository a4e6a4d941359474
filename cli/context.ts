import { SetupError } from './setup-error';

/**
 * Settings of the app as `cdk deploy` takes them, `-c NAME=VALUE`, the stage among them. Whether there is such a
 * setting is for the app to say; here they only have to have the form.
 */
export function parseContext(pairs: readonly string[], stage: string | undefined): Record<string, string> {
  const entries = pairs.map((pair): [string, string] => {
    const [, key, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    if (key === undefined || value === undefined) {
      throw new SetupError(
        `--context is "${pair}"; allowed: name=value, for example --context batchSize=500`,
      );
    }
    return [key, value];
  });
  return Object.fromEntries([...entries, ...(stage === undefined ? [] : [['stage', stage]])]);
}
