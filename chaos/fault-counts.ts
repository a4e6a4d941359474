import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Faults of the services that the runner injected, over all of its starts: `dynamodb PutItem cut after`. */
export async function injectedFaults(logsDir: string): Promise<Record<string, number>> {
  const injected = await entriesOf(join(logsDir, 'chaos.log'));
  return countBy(injected, ({ service, operation, fault }) => `${service} ${operation} ${fault}`);
}

/** How invocations ended that their functions could not answer any more, by the runtime's error type. */
export async function brokenInvocations(logsDir: string): Promise<Record<string, number>> {
  const logs = (await readdir(logsDir)).filter((name) => name !== 'chaos.log');
  const entries = (await Promise.all(logs.map((name) => entriesOf(join(logsDir, name))))).flat();
  const broken = entries.filter(
    ({ level, errorType }) => level === 'ERROR' && /^(Sandbox|Runtime)\./.test(String(errorType)),
  );
  return countBy(broken, ({ errorType }) => String(errorType));
}

type Entry = Readonly<Record<string, unknown>>;

/** The JSON objects of a log, a line each; functions print other lines, too. */
async function entriesOf(file: string): Promise<Entry[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      const entry: unknown = JSON.parse(line);
      return typeof entry === 'object' && entry !== null ? [entry as Entry] : [];
    } catch {
      return [];
    }
  });
}

function countBy(entries: readonly Entry[], nameOf: (entry: Entry) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(nameOf(entry), (counts.get(nameOf(entry)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
