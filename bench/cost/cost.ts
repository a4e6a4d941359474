import { cpus } from 'node:os';
import { parseOptions } from '../../cli/arguments';
import { archiveBytes } from './bytes';
import { aggregatorCpu, type CpuShares, extraCpu, transformerCpu, writeCpu } from './cpu';
import { aggregatorLog, transformerLog } from './function-logs';

const efforts = {
  full: { rounds: 9, records: 2_000, lines: 50_000 },
  short: { rounds: 1, records: 100, lines: 100 },
};

/**
 * Measures what `npm run cost` has to know of the code: CPU time and bytes of the archive.
 *
 * @param args `--json`; `--short`: to see that it works, not how fast
 */
export async function benchmarkCost(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, { json: { type: 'boolean' }, short: { type: 'boolean' } });
  const effort = values.short ? efforts.short : efforts.full;
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  const aggregator = await aggregatorCpu(effort);
  const transformer = await transformerCpu(effort);
  const extra = await extraCpu(effort);
  const write = await writeCpu(effort);
  const logs = { aggregator: await aggregatorLog(), transformer: await transformerLog() };
  const archive = archiveBytes(effort.lines);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ machine, aggregator, extra, transformer, write, archive, logs })}\n`
      : `${machine}; CPU µs\n\n${[
          row(['', 'an invocation', 'a record', 'an event', 'a KB of events']),
          row(['---', '--:', '--:', '--:', '--:']),
          cpuRow('aggregator, without the table', aggregator),
          cpuRow('transformer', transformer),
        ].join('\n')}

more for an event: duplicates ${extra.duplicates.toFixed(1)} µs, visitors ${extra.visitors.toFixed(1)} µs, visitors of each page ${extra.visitorsOfPages.toFixed(1)} µs
a write of the table: ${write.toFixed(0)} µs

archive: events of ${archive.perEvent.toFixed(0)} bytes become lines of ${archive.perLine.toFixed(0)}, in gzip ${archive.compressed.toFixed(0)}
log of an invocation: aggregator ${logs.aggregator.bytes} bytes with ${logs.aggregator.metrics.length} metrics, transformer ${logs.transformer.bytes} with ${logs.transformer.metrics.length}
`,
  );
}

function cpuRow(name: string, { perInvocation, perRecord, perEvent, perByte }: CpuShares): string {
  return row([
    name,
    perInvocation.toFixed(0),
    perRecord.toFixed(2),
    perEvent.toFixed(2),
    (perByte * 1_024).toFixed(2),
  ]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
