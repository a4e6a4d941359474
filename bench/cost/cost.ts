import { parseOptions } from '../../cli/arguments';
import { markdownTable } from '../markdown-table';
import { commonOptions, printResult } from '../report';
import { archiveBytes } from './bytes';
import { aggregatorCpu, type CpuShares, compactorCpu, extraCpu, transformerCpu, writeCpu } from './cpu';
import { aggregatorLog, compactorLog, transformerLog } from './function-logs';

const efforts = {
  full: { rounds: 25, records: 2_000, lines: 50_000 },
  short: { rounds: 1, records: 100, lines: 100 },
};

/**
 * Measures what `npm run cost` has to know of the code: CPU time and bytes of the archive.
 *
 * @param args `--json`; `--short`: to see that it works, not how fast
 */
export async function benchmarkCost(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const effort = values.short ? efforts.short : efforts.full;
  const aggregator = await aggregatorCpu(effort);
  const transformer = await transformerCpu(effort);
  const extra = await extraCpu(effort);
  const compactor = await compactorCpu(effort);
  const write = await writeCpu(effort);
  const logs = {
    aggregator: await aggregatorLog(),
    compactor: compactorLog(),
    transformer: await transformerLog(),
  };
  const archive = archiveBytes(effort.lines);
  printResult(
    values,
    { aggregator, extra, compactor, transformer, write, archive, logs },
    () => `CPU µs

${markdownTable(
  ['', 'an invocation', 'a record', 'an event', 'a KB of events'],
  [cpuRow('aggregator, without the table', aggregator), cpuRow('transformer', transformer)],
)}

more for an event: duplicates ${extra.duplicates.toFixed(1)} µs, visitors ${extra.visitors.toFixed(1)} µs, visitors of each page ${extra.visitorsOfPages.toFixed(1)} µs
compactor, without the table: a delta ${compactor.perDelta.toFixed(0)} µs, an item ${compactor.perItem.toFixed(0)} µs
a call of the table: ${write.toFixed(0)} µs

archive: events of ${archive.perEvent.toFixed(0)} bytes become lines of ${archive.perLine.toFixed(0)}, in gzip ${archive.compressed.toFixed(0)}
log of an invocation: aggregator ${logs.aggregator.bytes} bytes with ${logs.aggregator.metrics.length} metrics, compactor ${logs.compactor.bytes} with ${logs.compactor.metrics.length}, transformer ${logs.transformer.bytes} with ${logs.transformer.metrics.length}
`,
  );
}

function cpuRow(name: string, { perInvocation, perRecord, perEvent, perByte }: CpuShares): string[] {
  return [
    name,
    perInvocation.toFixed(0),
    perRecord.toFixed(2),
    perEvent.toFixed(2),
    (perByte * 1_024).toFixed(2),
  ];
}
