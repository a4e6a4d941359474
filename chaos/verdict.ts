import { dataDirAt } from '../emulators/data-dir';
import { startEmulators } from '../emulators/start-emulators';
import { runCommand } from './child';
import { type Comparison, compareIndependently } from './compare';
import { brokenInvocations, injectedFaults } from './fault-counts';
import { type RunnerSettings, startRunner } from './runner';

/** What `npm start -- --exit` prints last, as far as it is looked at here. */
interface FinalResult {
  readonly exact: boolean;
  readonly accepted: number;
  readonly onFailure: number;
  readonly differences?: readonly string[];
}

/** What `recover verify --json` says of a ledger, as far as it is looked at here. */
interface LedgerResult {
  readonly exact: boolean;
  readonly ledger: { readonly accepted: number; readonly failed: number; readonly ambiguous: number };
  readonly found: number;
  readonly archived: number;
  readonly counted: number;
  readonly furtherCopies: number;
  readonly firstDifferences: readonly string[];
}

export interface Verdict {
  /** By service, operation and kind, over all starts of the runner. */
  readonly injected: Readonly<Record<string, number>>;
  /** By the error type of the functions' runtime. */
  readonly broken: Readonly<Record<string, number>>;
  readonly agreement: FinalResult;
  readonly ledgers: readonly LedgerResult[];
  readonly comparison: Comparison;
  /** In words, whatever does not agree. */
  readonly problems: readonly string[];
}

/** Heals, drains and compares: by the pipeline itself, by the producers' ledgers, and by a count of our own. */
export async function reachVerdict(settings: RunnerSettings, ledgers: readonly string[]): Promise<Verdict> {
  const dir = dataDirAt(settings.dataDir);
  const { code, stdout, stderr } = await startRunner(settings, ['--exit']).ended;
  const last = stdout.trimEnd().split('\n').at(-1);
  if (!last) throw new Error(`the healed pipeline ended with ${code}: ${stderr}`);
  const agreement = JSON.parse(last) as FinalResult;

  const emulators = await startEmulators(dir, settings.port);
  try {
    const [comparison, ...results] = await Promise.all([
      compareIndependently(settings.dataDir),
      ...ledgers.map((ledger) => verifyLedger(ledger, settings)),
    ]);
    return {
      injected: await injectedFaults(dir.logs),
      broken: await brokenInvocations(dir.logs),
      agreement,
      ledgers: results,
      comparison,
      problems: [
        ...(agreement.exact ? [] : [`the pipeline does not agree: ${agreement.differences?.join('; ')}`]),
        ...(code === 0 ? [] : [`the healed pipeline ended with ${code}: ${stderr}`]),
        ...results.flatMap(({ exact, firstDifferences }, index) =>
          exact ? [] : [`${ledgers[index]}: ${firstDifferences.join('; ')}`],
        ),
        ...comparison.differences,
      ],
    };
  } finally {
    await emulators.close();
  }
}

async function verifyLedger(ledger: string, { dataDir, logFile }: RunnerSettings): Promise<LedgerResult> {
  const args = ['verify', '--ledger', ledger, '--local', dataDir, '--json'];
  const { code, stdout, stderr } = await runCommand('recover/cli.ts', args, logFile);
  if (stdout === '') throw new Error(`recover verify of ${ledger} ended with ${code}: ${stderr}`);
  return (JSON.parse(stdout) as { readonly ledger: LedgerResult }).ledger;
}
