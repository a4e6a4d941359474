import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { abortedExitCode } from '../cli/interrupt';
import { plainReason } from '../cli/plain-reason';
import { SetupError } from '../cli/setup-error';
import { claimDataDir, dataDirAt, emptyDataDir } from '../emulators/data-dir';
import { checkPorts } from '../emulators/listen';
import { readDeployment } from './cloudformation/read-deployment';
import { DestinationVariable } from './destination';
import { readProfile } from './fault-injection/read-profile';
import type { LocalOptions } from './options';
import type { RunPorts } from './run-ports';
import { synthesize } from './synthesize';

/** The `npm start` command; returns its exit code. */
export async function runLocal(options: LocalOptions, ports: RunPorts): Promise<number> {
  const { stderr, appDir } = ports;
  const dir = dataDirAt(options.dataDir);
  // Whatever may be wrong is found before anything of an earlier run is touched.
  if (options.traffic?.input.kind === 'file')
    for (const path of options.traffic.input.paths) await checkInput(path);
  const chaos = options.chaos && {
    profile: await readProfile(options.chaos.profile),
    seed: options.chaos.seed ?? randomUUID().slice(0, 8),
  };
  await claimDataDir(dir);
  stderr.write('Synthesizing the templates …\n');
  const synthesizing = synthesize({
    appDir,
    outputDir: dir.assembly,
    context: contextOf(options, ports),
    signal: ports.signal,
  });
  // Half a second of loading, while the app runs in a process of its own.
  const [synthesized, { runDeployment }] = await Promise.all([synthesizing, import('./run-pipeline')]);
  if (!synthesized) {
    stderr.write('Interrupted before anything was started.\n');
    return abortedExitCode;
  }
  const deployment = readDeployment(dir.assembly);
  await checkPorts(options.port);
  if (options.fresh) await emptyDataDir(dir);
  return runDeployment(deployment, dir, options, chaos, ports);
}

/**
 * A pipeline that runs on has a collector, for the demo site and for pages of one's own. Browsers send copies, which are
 * removed; in every run alike, since what was counted is compared with what the settings of now would count.
 */
function contextOf({ exit, context }: LocalOptions, { destination }: RunPorts): LocalOptions['context'] {
  const added = { deduplicationSeconds: '300', ...(!exit && { collector: 'true' }) };
  // It serves a dashboard of its own; nobody can sign in here. Nor is anybody far away, whom CloudFront would be near to.
  const here = { ...added, ...context, dashboard: 'off', collectorCloudFront: 'off' };
  if (destination) return here;
  if ((context.destination ?? 'off') !== 'off') {
    throw new SetupError(
      `-c destination=${context.destination} needs ${DestinationVariable.endpoint}, which says what is delivered to from this machine`,
    );
  }
  // Clicks that are made up here are nothing for the destination that a stage's file names.
  return { ...here, destination: 'off' };
}

async function checkInput(path: string): Promise<void> {
  if (path === '-') return;
  const found = await stat(path).catch((error: Error) => {
    throw new SetupError(`--input ${path} cannot be read: ${plainReason(error)}`, { cause: error });
  });
  if (found.isDirectory())
    throw new SetupError(`--input ${path} is a directory; allowed: a file, or - for standard input`);
}
