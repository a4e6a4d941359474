import { parseOptions } from '../../cli/arguments';
import { abortedExitCode, interruptSignal } from '../../cli/interrupt';
import { numberOption, oneOf } from '../../cli/option-values';
import { dataDirAt } from '../../emulators/data-dir';
import { commonOptions, mustBeRight, printResult } from '../report';
import type { Rounds } from '../take-turns';
import { readProfile } from './cpu-profile';
import { measureFloor } from './floor';
import { createGround, type Ground } from './ground';
import { type LaptopResult, laptopText } from './laptop-text';
import type { Load } from './pipeline';
import { measureStartUp } from './start-up';
import { type MinuteSoFar, measureSustained } from './sustained';

interface Plan {
  readonly load: Load;
  readonly startUps: Rounds;
  readonly parts: readonly ('start-up' | 'sustained')[];
  readonly profiled: boolean;
  /** Settings of the app beside the stage's. */
  readonly context: Readonly<Record<string, number>>;
}

/** The floor is steady: a part of the time tells it. */
const longestFloorSeconds = 60;
/** So that a run of seconds sees events counted and archived while they come. */
const shortWaits = { batchingWindowSeconds: 1, transformerBufferSeconds: 1, archiveBufferSeconds: 1 };

/**
 * Runs the laptop's pipeline under a steady load, and starts it cold and warm. Sets the exit code to 1 if not every
 * event that was accepted is counted and archived.
 *
 * @param args `--rate N`, `--minutes N`, `--pack HOW`, `--part start-up|sustained`, `--profile`; `--json`, `--short`
 */
export async function benchmarkLaptop(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, {
    ...commonOptions,
    rate: { type: 'string' },
    minutes: { type: 'string' },
    pack: { type: 'string' },
    part: { type: 'string' },
    profile: { type: 'boolean' },
  });
  const { short = false } = values;
  const part = oneOf('part', values.part, ['start-up', 'sustained']);
  const minutes =
    numberOption('minutes', values.minutes, { most: 1_440, whole: false }) ?? (short ? 0.1 : 10);
  const load: Load = {
    rate: numberOption('rate', values.rate, { most: 100_000, whole: true }) ?? (short ? 100 : 1_000),
    seconds: minutes * 60,
    pack: oneOf('pack', values.pack, ['none', 'ndjson', 'kpl']) ?? 'none',
  };
  const plan: Plan = {
    load,
    startUps: short ? { warmUps: 0, rounds: 1 } : { warmUps: 0, rounds: 5 },
    parts: part === undefined ? ['start-up', 'sustained'] : [part],
    profiled: values.profile ?? false,
    context: short ? shortWaits : {},
  };

  const signal = interruptSignal('Aborted.');
  const ground = await createGround();
  const aborted = new Promise<undefined>((resolve) =>
    signal.addEventListener('abort', () => resolve(undefined)),
  );
  try {
    const result = await Promise.race([measure(ground, plan), aborted]);
    if (!result) {
      await ground.close();
      process.exit(abortedExitCode);
    }
    printResult(values, result, () => laptopText(result));
    mustBeRight([
      { name: 'sustained', right: result.sustained?.right ?? true },
      { name: 'floor', right: result.floor?.right ?? true },
    ]);
  } finally {
    await ground.close();
  }
}

async function measure(ground: Ground, plan: Plan): Promise<LaptopResult> {
  const { load } = plan;
  const startUp = plan.parts.includes('start-up') ? await measureStartUp(ground, plan.startUps) : undefined;
  const measured = { load, ...(startUp ? { startUp } : {}) };
  if (!plan.parts.includes('sustained')) return measured;

  const profiles = ground.path('profiles');
  const nodeArgs = plan.profiled ? ['--cpu-prof', '--cpu-prof-dir', profiles] : [];
  const sustained = await measureSustained(ground, load, plan.context, nodeArgs, showMinute);
  const floorLoad = { ...load, seconds: Math.min(load.seconds, longestFloorSeconds) };
  const floor = await measureFloor(ground, floorLoad, dataDirAt(ground.path('sustained')).assembly);
  return {
    ...measured,
    sustained,
    floor,
    ...(plan.profiled ? { profile: await readProfile(profiles) } : {}),
  };
}

/** On a terminal, so that ten minutes are not silent. */
function showMinute({ accepted, counted, putToCounted, residentMiB }: MinuteSoFar): void {
  if (!process.stderr.isTTY) return;
  const lag = ((putToCounted?.most ?? 0) / 1_000).toFixed(1);
  process.stderr.write(
    `accepted ${accepted} · counted ${counted} (lag up to ${lag} s) · runner ${residentMiB.runner?.most} MiB\n`,
  );
}
