import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDirAt } from '../emulators/data-dir';
import { startEmulators } from '../emulators/start-emulators';
import { startCommand } from './child';
import { type Comparison, compareIndependently } from './compare';
import { isObject, parseJson } from './independent-count';
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
  readonly furtherCopies: number;
  readonly firstDifferences: readonly string[];
}

export interface Verdict {
  /** Faults of the services by service, operation and kind, over all starts: `dynamodb PutItem cut after`. */
  readonly injected: Readonly<Record<string, number>>;
  /** Invocations that their functions could not answer any more, by the runtime's error type. */
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
    const functionLogs = (await readdir(dir.logs)).filter((name) => name !== 'chaos.log');
    return {
      injected: await countEntries(
        [join(dir.logs, 'chaos.log')],
        ({ service, operation, fault }) => `${service} ${operation} ${fault}`,
      ),
      broken: await countEntries(
        functionLogs.map((name) => join(dir.logs, name)),
        ({ level, errorType }) =>
          level === 'ERROR' && /^(Sandbox|Runtime)\./.test(String(errorType)) ? String(errorType) : undefined,
      ),
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
  const { code, stdout, stderr } = await startCommand('recover/cli.ts', args, { logFile }).ended;
  if (stdout === '') throw new Error(`recover verify of ${ledger} ended with ${code}: ${stderr}`);
  return (JSON.parse(stdout) as { readonly ledger: LedgerResult }).ledger;
}

/** Counts the JSON objects of logs, a line each, by name; functions print other lines, and a kill may tear one. */
async function countEntries(
  files: readonly string[],
  nameOf: (entry: Readonly<Record<string, unknown>>) => string | undefined,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const line of text.split('\n').filter((each) => each.startsWith('{'))) {
      const entry = parseJson(Buffer.from(line));
      const name = isObject(entry) ? nameOf(entry) : undefined;
      if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
