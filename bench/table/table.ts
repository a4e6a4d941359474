import { parseOptions } from '../../cli/arguments';
import { SetupError } from '../../cli/setup-error';
import { markdownTable } from '../markdown-table';
import { commonOptions, mustBeRight, printResult } from '../report';
import { spreadText } from '../spread';
import { tableDesigns } from './designs';
import { tableClient } from './emulated-table';
import { measure, type Result } from './measure';
import { recordsOf } from './records';
import { startTableServer } from './start-table-server';

const efforts = {
  full: { warmUps: 1, rounds: 3, batches: 2, records: 500 },
  short: { warmUps: 0, rounds: 1, batches: 2, records: 12 },
};

/**
 * Writes the same records to the emulated table by each design.
 *
 * @param args `--records N` to a batch; `--json`; `--short`: to see that it works and is right, not how fast
 */
export async function benchmarkTable(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, { ...commonOptions, records: { type: 'string' } });
  const effort = values.short ? efforts.short : efforts.full;
  const { batches, warmUps, rounds } = effort;
  const recordsPerBatch = Number(values.records ?? effort.records);
  if (!Number.isInteger(recordsPerBatch) || recordsPerBatch < 2 || recordsPerBatch > 5_000) {
    throw new SetupError(`--records is "${values.records}"; allowed: a whole number from 2 to 5000`);
  }
  const records = recordsOf({ count: batches * recordsPerBatch, pages: 1_000, lateShare: 0.05 });
  const load = {
    warmUps,
    rounds,
    batches: Array.from({ length: batches }, (_, index) =>
      records.slice(index * recordsPerBatch, (index + 1) * recordsPerBatch),
    ),
  };
  const server = await startTableServer();
  const client = tableClient(server.endpoint);
  try {
    const results = await measure(client, tableDesigns, load);
    printResult(values, { rounds, batches, recordsPerBatch, results }, () =>
      [
        `${batches} batches of ${recordsPerBatch} records, 5 % late, 1,000 pages; ${rounds} rounds`,
        table(results),
      ].join('\n\n'),
    );
    // Right where nothing went wrong, and an exact design whatever did.
    mustBeRight(
      results.map(({ name, right, isExact, redelivered: { countedTwice, lost } }) => ({
        name,
        right: right && !(isExact && countedTwice + lost > 0),
      })),
    );
  } finally {
    client.destroy();
    await server.stop();
  }
}

function table(results: readonly Result[]): string {
  return markdownTable(
    [
      ...['for 1,000 records', 'requests', 'ms', 'CPU ms', '× this design’s time'],
      ...['killed, then again: counted twice', 'lost'],
    ],
    results.map(({ what, requests, ms, cpuMs, timesProduct, redelivered }) => [
      what,
      Math.round(requests).toLocaleString('en'),
      spreadText(ms, 0),
      cpuMs.median.toFixed(0),
      timesProduct.median.toFixed(2),
      redelivered.countedTwice.toLocaleString('en'),
      redelivered.lost.toLocaleString('en'),
    ]),
  );
}
