import type { FunctionLog } from '../../domain/function/function-log';
import type { Collected } from './collect';

/**
 * Prints a line for a request that was not taken whole. One for each request would cost as much as the function itself;
 * what was taken, the stream's metrics count. Nothing of the visitor stands in it, the origin neither, which anybody chooses.
 */
export function reportRequest(
  { answer, accepted, rejected, lost, because }: Collected,
  log: FunctionLog,
): void {
  if (answer.status === 204 && lost === 0) return;
  const rejectedByReason: Record<string, number> = {};
  for (const { reason } of rejected) rejectedByReason[reason] = (rejectedByReason[reason] ?? 0) + 1;
  const { status } = answer;
  const level = status >= 500 ? 'WARN' : 'INFO';
  const details = { status, accepted, rejectedByReason, lost, ...(because !== undefined && { because }) };
  log(level, 'request not taken whole', details, {});
}
