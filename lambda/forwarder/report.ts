import type { FunctionLog } from '../../domain/function/function-log';
import { ForwarderMetric } from './contract';
import type { Forwarding } from './forward';

/** Writes what became of a batch as one log line. Counts only: no event, no visitor. */
export function reportForwarding({ answers, ...counts }: Forwarding, log: FunctionLog): void {
  log(
    'INFO',
    'batch forwarded',
    { records: answers.length, ...counts },
    { [ForwarderMetric.recordsNotForwarded]: counts.recordsWithSeveralEvents + counts.recordsWithoutRoom },
  );
}
