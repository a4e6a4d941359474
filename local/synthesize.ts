import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../cli/setup-error';

/** The app ends with it after it has printed what is wrong with the settings. */
const settingsExitCode = 2;

export interface SynthesizeOptions {
  /** Folder of `cdk.json`. */
  readonly appDir: string;
  /** Where the cloud assembly is written. */
  readonly outputDir: string;
  /** Context beside that of `cdk.json`, as `cdk synth -c key=value` gives it. */
  readonly context?: Readonly<Record<string, string>>;
  readonly environment?: NodeJS.ProcessEnv;
  /** Aborted: an app that was interrupted together with this process is no failure. */
  readonly signal?: AbortSignal;
}

interface CdkJson {
  readonly app?: unknown;
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * Writes the app's cloud assembly by running the command of `cdk.json` the way the CDK CLI does, without the
 * CLI's own start-up and without an account; the app has been started when this returns its promise. False if it was aborted. Throws
 * with what the app printed if it fails: a `SetupError` if that was for a wrong setting.
 */
export async function synthesize(options: SynthesizeOptions): Promise<boolean> {
  const { appDir, outputDir, context = {}, environment = process.env } = options;
  const cdkJson = JSON.parse(readFileSync(join(appDir, 'cdk.json'), 'utf8')) as CdkJson;
  if (typeof cdkJson.app !== 'string') {
    throw new Error(
      `${join(appDir, 'cdk.json')} must name the app's command in "app", got ${JSON.stringify(cdkJson.app)}`,
    );
  }
  const app = spawn(cdkJson.app, {
    cwd: appDir,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...environment,
      CDK_OUTDIR: outputDir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.context, ...context }),
      // The rules of CDK and cdk-nag take seconds; `npm run synth` and CI run them.
      CDK_VALIDATION: 'false',
    },
  });
  let printed = '';
  for (const output of [app.stdout, app.stderr]) {
    output.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const [code, signal] = await once(app, 'close');
  if (options.signal?.aborted) return false;
  if (code === settingsExitCode) throw new SetupError(printed.trim());
  if (code !== 0) {
    throw new Error(`synthesis failed (${cdkJson.app}: ${signal ?? `exit code ${code}`})\n${printed.trim()}`);
  }
  return true;
}
