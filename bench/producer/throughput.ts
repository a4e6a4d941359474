import { version as sdkVersion } from '@aws-sdk/client-kinesis/package.json';
import { parseOptions } from '../../cli/arguments';
import { SetupError } from '../../cli/setup-error';
import { seededRandom } from '../../domain/numbers/random';
import { type OutgoingEvent, outgoingEvent } from '../../producer/client/outgoing-event';
import { createClickGenerator } from '../../producer/traffic/click-generator';
import { defaultSite } from '../../producer/traffic/default-site';
import { markdownTable } from '../markdown-table';
import { commonOptions, mustBeRight, printResult } from '../report';
import { spreadText } from '../spread';
import { contenders } from './contenders';
import { check, measure, type Result } from './measure';
import { startNullServer } from './start-null-server';

/** Of one PutRecord an event: the others send as many events as `scale` says. */
const sizes = {
  full: { events: 500, warmUps: 1, rounds: 5 },
  short: { events: 5, warmUps: 0, rounds: 1 },
};

/** The largest round, in those of the first contender: no click is sent twice in one. */
const mostEvents = Math.max(...contenders.map(({ scale }) => scale));

/** Sent by each contender but the first, before anything is measured, to a server that reads them: more than two requests. */
const checkedEvents = 1200;

/** A busy site's clicks, as they follow each other. */
function clicks(count: number): OutgoingEvent[] {
  const site = { ...defaultSite, sessions: { ...defaultSite.sessions, atOnce: 2000 } };
  const generator = createClickGenerator(seededRandom('throughput'), site);
  return Array.from({ length: count }, (_, index) =>
    outgoingEvent(generator.next(Date.UTC(2026, 0, 1) + index)),
  );
}

function table(results: readonly Result[]): string {
  const titles = [
    'events/s: median (least–most)',
    'CPU µs an event',
    '× one PutRecord',
    '× PutRecords',
    '× kept',
    '× floor’s CPU',
    'events a request',
    'connections',
    'in flight',
  ];
  return markdownTable(
    ['', ...titles],
    results.map((result) => [
      result.what,
      spreadText(result.perSecond, 0),
      result.cpuMicrosPerEvent.median.toFixed(1),
      result.toOnePutRecord.median.toFixed(1),
      result.toPutRecords.median.toFixed(2),
      result.toPutRecordsKept.median.toFixed(2),
      result.cpuToFloor.median.toFixed(2),
      result.eventsPerRequest.toFixed(0),
      result.connections,
      result.maxInFlight,
    ]),
  );
}

/**
 * Measures events a second and CPU time of each contender.
 *
 * @param args `--latency MS`: how long each answer takes; `--json`; `--short`: to see that it works, not how fast
 */
export async function benchmarkThroughput(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, {
    ...commonOptions,
    latency: { type: 'string' },
  });
  const latencyMs = Number(values.latency ?? 0);
  if (!(latencyMs >= 0)) throw new SetupError(`--latency is "${values.latency}"; allowed: milliseconds`);
  const size = values.short ? sizes.short : sizes.full;
  const pool = clicks(Math.max(checkedEvents, size.events * mostEvents));
  // Read for each connection: nobody knows the server's certificate, and none of the contenders is to check it.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  const reader = await startNullServer({ isReading: true });
  await check(contenders, pool.slice(0, checkedEvents), reader).finally(reader.stop);
  const server = await startNullServer({ latencyMs });
  const results = await measure(contenders, pool, server, size).finally(server.stop);
  const meanBytes = Math.round(pool.reduce((sum, { data }) => sum + data.length, 0) / pool.length);
  const { rounds } = size;
  printResult(values, { sdkVersion, meanBytes, latencyMs, rounds, results }, () =>
    [
      `${rounds} rounds, events of ${meanBytes} bytes, answers after ${latencyMs} ms; client-kinesis ${sdkVersion}`,
      table(results),
    ].join('\n\n'),
  );
  mustBeRight(results.map(({ name, accepted }) => ({ name, right: accepted })));
}
