import type { FunctionLog } from '../../domain/function/function-log';
import { TransformerMetric } from './contract';
import type { Transformation } from './transform';

/** Writes what became of a batch as one log line. Counts only: no event, no visitor. */
export function reportTransformation(
  { answers, invalidByReason, ...counts }: Transformation,
  log: FunctionLog,
): void {
  log(
    'INFO',
    'batch transformed',
    { records: answers.length, ...counts, invalidByReason: Object.fromEntries(invalidByReason) },
    {
      [TransformerMetric.valid]: counts.valid,
      [TransformerMetric.recordsWithoutRoom]: counts.recordsWithoutRoom,
    },
  );
}
