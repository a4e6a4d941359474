import { parseOptions } from '../../cli/arguments';
import type { Packing } from '../../producer/client/packing/packer';
import { markdownTable } from '../markdown-table';
import { commonOptions, mustBeRight, printResult } from '../report';
import { type CpuRow, measureCpu } from './cpu';
import { designs, productDesign } from './designs';
import { measureRedelivery, type RedeliveryRow } from './redelivery';
import { measureRetries, type RetryRow } from './retries';
import { measureUnits, type UnitRow } from './write-units';

const packings: readonly Packing[] = ['none', 'ndjson', 'kpl'];
const lostAnswers = [0.001, 0.01, 0.05, 0.1];
const rates = [100, 1_000];

const efforts = {
  full: { sent: 250_000, minutes: 10, delivered: 100_000, rounds: 15 },
  short: { sent: 1_000, minutes: 1, delivered: 2_000, rounds: 1 },
};

/**
 * Measures what a producer's retries cost in duplicates, what telling them costs in units of the table by design, and
 * which design is right when batches come again.
 *
 * @param args `--json`; `--short`: to see that it works, not what it comes to
 */
export async function benchmarkDuplicates(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const { sent, minutes, delivered, rounds } = values.short ? efforts.short : efforts.full;
  const retries: RetryRow[] = [];
  for (const lost of lostAnswers) {
    for (const packing of packings) retries.push(await measureRetries(packing, lost, sent));
  }
  const units = rates.map((rate) => measureUnits(rate, minutes));
  const redelivery = Object.keys(designs).map((design) => measureRedelivery(design, delivered));
  const cpu = measureCpu(1_000, rounds);
  printResult(values, { retries, units, redelivery, cpu }, () =>
    [retryTable(retries), unitTable(units), redeliveryTable(redelivery), cpuText(cpu)].join('\n\n'),
  );
  const { lost, countedTwice } = redelivery.find(({ design }) => design === productDesign)!;
  mustBeRight([{ name: productDesign, right: lost + countedTwice === 0 }]);
}

function retryTable(rows: readonly RetryRow[]): string {
  return markdownTable(
    ['answers lost', ...packings.map((packing) => `duplicates, packing ${packing}`)],
    lostAnswers.map((lost) => [
      percent(lost),
      ...packings.map((packing) =>
        percent(rows.find((row) => row.lostAnswers === lost && row.packing === packing)!.duplicates),
      ),
    ]),
  );
}

function unitTable(rows: readonly UnitRow[]): string {
  return markdownTable(
    ['records/s', 'counters', 'chunks', 'markers', 'Bloom filters', 'reads', 'a cold start reads'],
    rows.map(({ recordsPerSecond, counters, chunks, markers, bloomFilters, reads, coldStart }) => [
      recordsPerSecond.toLocaleString('en'),
      ...[counters, chunks, markers, bloomFilters, reads].map((units) => units.toFixed(1)),
      coldStart.toLocaleString('en'),
    ]),
  );
}

function redeliveryTable(rows: readonly RedeliveryRow[]): string {
  return markdownTable(
    ['design', 'events', 'duplicates', 'redeliveries', 'lost', 'counted twice'],
    rows.map(({ design, ...figures }) => [
      design,
      ...Object.values(figures).map((figure) => figure.toLocaleString('en')),
    ]),
  );
}

function cpuText({ foldPerRecord, removalPerRecord, coldStart, memoryBytes }: CpuRow): string {
  return [
    `CPU at 1,000 records/s, warm: ${foldPerRecord.toFixed(1)} µs a record to read and fold,`,
    `${removalPerRecord.toFixed(1)} µs more to tell duplicates; a cold start ${(coldStart / 1_000).toFixed(0)} ms;`,
    `memory ${(memoryBytes / 2 ** 20).toFixed(0)} MiB a shard`,
  ].join(' ');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
