import { printableJson } from '../../cli/terminal-text';
import type { RunSummary } from '../../producer/command/run-producer';
import type { Agreement } from '../../reconcile/agreement';
import type { PipelineStatus } from '../pipeline';

/** The last line of `--exit`; among lines of other types it says that it is the result. */
export function finalJson(
  agreement: Agreement,
  summary: RunSummary | undefined,
  timings: Readonly<Record<string, number>>,
  { alarms, injected }: Pick<PipelineStatus, 'alarms' | 'injected'>,
  isOneOfLines: boolean,
): string {
  const { differences, ...result } = agreement;
  const producer = summary && {
    read: summary.read,
    accepted: summary.accepted,
    retried: summary.retried,
    failed: summary.failed,
    skippedLines: summary.skippedLines,
  };
  const rounded = Object.fromEntries(Object.entries(timings).map(([name, ms]) => [name, Math.round(ms)]));
  return printableJson({
    ...(isOneOfLines ? { type: 'result' } : {}),
    ...result,
    timings: rounded,
    ...(producer ? { producer } : {}),
    ...(alarms.length > 0 ? { alarms: alarms.map(({ name }) => name) } : {}),
    ...(injected ? { injected } : {}),
    ...(differences.length > 0 ? { differences } : {}),
  });
}
