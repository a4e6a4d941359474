import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseOptions } from '../../cli/arguments';
import { clientBundles } from '../../lib/collector/client-bundles';
import { startChildServer } from '../child-server';
import { type Column, type Contender, compare, type Result, resultTable, timed } from '../compare';
import type { Taken } from '../producer/null-server';
import { commonOptions, report } from '../report';
import { type BundledCollector, type Handler, loadBundle, withBundles } from './bundle';
import { coldStartColumns, measureColdStarts } from './cold-start';
import { contenders, nothing } from './contenders';
import { pageViews } from './page-views';

interface Work {
  readonly requests: readonly ReturnType<typeof pageViews>[];
  readonly events: number;
}

const columns: readonly Column[] = [
  { head: 'requests/s', figure: 'perSecond', places: 0 },
  { head: 'CPU ms a request', figure: 'cpuMs', places: 2 },
  { head: '× peer’s CPU', figure: 'cpuMs', places: 2, peer: 'peer' },
  { head: '× kept peer’s', figure: 'cpuMs', places: 2, peer: 'peer-kept' },
  { head: '× floor’s', figure: 'cpuMs', places: 2, peer: 'floor' },
];

const full = {
  rounds: { warmUps: 2, rounds: 9 },
  coldStarts: { warmUps: 1, rounds: 11 },
  eventsOfRequest: [1, 10, 50],
  /** Of a turn. */
  events: 500,
};
const short: typeof full = {
  ...{ rounds: { warmUps: 0, rounds: 1 }, coldStarts: { warmUps: 0, rounds: 1 } },
  ...{ eventsOfRequest: [1, 3], events: 6 },
};

/**
 * Measures whole requests of the collector's function, from the URL's event to the answer, one after the other as Lambda
 * has it, against a Kinesis that takes everything; and its cold start.
 *
 * @param args `--json`; `--short`
 */
export async function benchmarkCollector(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const effort = values.short ? short : full;
  // Read for each connection: nobody knows the server's certificate, and none of the contenders is to check it.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  const server = await startChildServer<Taken>(join(__dirname, '../producer/null-server.ts'), ['0', 'blind']);
  const { shapes, coldStarts, gzipBytes } = await withBundles(
    [...contenders, nothing],
    server.endpoint,
    async (bundles) => ({
      gzipBytes: gzipBytesBeside(bundles[0]!.file),
      shapes: await measureRequests(bundles, effort, server.ask),
      coldStarts: await measureColdStarts(
        bundles.filter(({ name }) => name === 'product' || name === 'peer' || name === nothing.name),
        effort.coldStarts,
      ),
    }),
  ).finally(server.stop);
  report(
    values,
    { rounds: effort.rounds.rounds, gzipBytes, shapes, coldStarts },
    () =>
      [
        ...shapes.map(
          ({ events, results }) => `${events} events a request\n\n${resultTable(results, columns)}`,
        ),
        `cold start\n\n${resultTable(coldStarts, coldStartColumns)}`,
        `bytes in gzip\n\n${Object.entries(gzipBytes)
          .map(([name, bytes]) => `- ${name}: ${bytes.toLocaleString('en')}`)
          .join('\n')}`,
      ].join('\n\n'),
    [...shapes.flatMap(({ results }) => results), ...coldStarts],
  );
}

/** Of the product's function and of its client. */
function gzipBytesBeside(file: string): Record<string, number> {
  const names = ['index.js', ...clientBundles.map(({ name }) => name)];
  const bytesOf = (name: string) => gzipSync(readFileSync(join(dirname(file), name)), { level: 9 }).length;
  return Object.fromEntries(names.map((name) => [name, bytesOf(name)]));
}

async function measureRequests(
  bundles: readonly BundledCollector[],
  { rounds, eventsOfRequest, events: eventsOfTurn }: typeof full,
  taken: () => Promise<Taken>,
): Promise<{ readonly events: number; readonly results: readonly Result[] }[]> {
  const handlers = new Map<string, Handler>();
  for (const bundle of bundles) {
    const handler = loadBundle(bundle);
    // It finds out where to put, and the day's salt.
    await handler(pageViews(1));
    handlers.set(bundle.name, handler);
  }
  const running = contenders.map(
    ({ name, what, recordsOf }): Contender<Work> => ({
      ...{ name, what },
      turn: async ({ requests, events }) => {
        const handler = handlers.get(name)!;
        await taken();
        let answered = 0;
        const { ms, cpuMs } = await timed(async () => {
          for (const request of requests) if ((await handler(request)).statusCode === 204) answered++;
        });
        const { records } = await taken();
        const count = requests.length;
        return {
          right: answered === count && records === count * recordsOf(events),
          figures: { perSecond: (count / ms) * 1_000, cpuMs: cpuMs / count },
        };
      },
    }),
  );
  const shapes: { events: number; results: readonly Result[] }[] = [];
  for (const events of eventsOfRequest) {
    const count = Math.ceil(eventsOfTurn / events);
    const makeWork = () => ({ requests: Array.from({ length: count }, () => pageViews(events)), events });
    shapes.push({ events, results: await compare(running, columns, rounds, makeWork) });
  }
  return shapes;
}
