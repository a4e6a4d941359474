import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { version as sdkVersion } from '@aws-sdk/client-kinesis/package.json';
import { parseOptions } from '../../cli/arguments';
import { SetupError } from '../../cli/setup-error';
import { seededRandom } from '../../domain/numbers/random';
import { type OutgoingEvent, outgoingEvent } from '../../producer/client/outgoing-event';
import { createClickGenerator } from '../../producer/traffic/click-generator';
import { defaultSite } from '../../producer/traffic/default-site';
import { type ChildServer, startChildServer } from '../child-server';
import { type Column, compare, resultTable, type Turn, timed } from '../compare';
import { commonOptions, report } from '../report';
import { contenders, type PutContender } from './contenders';
import type { Taken } from './null-server';

const columns: readonly Column[] = [
  { head: 'events/s', figure: 'perSecond', places: 0 },
  { head: 'CPU µs an event', figure: 'cpuMicros', places: 1 },
  { head: '× one PutRecord', figure: 'perSecond', places: 1, peer: 'one-put-record' },
  { head: '× PutRecords', figure: 'perSecond', places: 2, peer: 'put-records' },
  { head: '× kept', figure: 'perSecond', places: 2, peer: 'put-records-kept' },
  { head: '× floor’s CPU', figure: 'cpuMicros', places: 2, peer: 'client-alone' },
  { head: 'events a request', figure: 'eventsPerRequest', places: 0 },
  { head: 'connections', figure: 'connections', places: 0 },
];

/** Events of the slowest contender; the others send as many as `scale` says. */
const full = { events: 500, warmUps: 1, rounds: 5 };
const short = { events: 5, warmUps: 0, rounds: 1 };
const largestScale = Math.max(...contenders.map(({ scale }) => scale));
/** More than two requests. */
const checkedEvents = 1_200;

/**
 * Measures events a second and CPU time of each contender against a server that takes everything and looks at nothing,
 * after a server that reads has found each event, byte by byte.
 *
 * @param args `--latency MS`: how long each answer takes; `--json`; `--short`
 */
export async function benchmarkProducer(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, { ...commonOptions, latency: { type: 'string' } });
  const latencyMs = Number(values.latency ?? 0);
  if (!(latencyMs >= 0)) throw new SetupError(`--latency is "${values.latency}"; allowed: milliseconds`);
  const { events, ...rounds } = values.short ? short : full;
  const pool = clicks(Math.max(checkedEvents, events * largestScale));
  // Read for each connection: nobody knows the server's certificate, and none of the contenders is to check it.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

  const reader = await startNullServer(0, 'reading');
  await check(reader, pool.slice(0, checkedEvents)).finally(reader.stop);
  const server = await startNullServer(latencyMs, 'blind');
  const running = contenders.map((contender) => ({
    ...contender,
    turn: async () => (await put(contender, pool.slice(0, events * contender.scale), server)).turn,
  }));
  const results = await compare(running, columns, rounds, () => undefined).finally(server.stop);
  const meanBytes = Math.round(pool.reduce((sum, { data }) => sum + data.length, 0) / pool.length);
  report(
    values,
    { sdkVersion, meanBytes, latencyMs, rounds: rounds.rounds, results },
    () =>
      `${rounds.rounds} rounds, events of ${meanBytes} bytes, answers after ${latencyMs} ms; client-kinesis ${sdkVersion}\n\n${resultTable(results, columns)}`,
    results,
  );
}

/** A busy site's clicks, as they follow each other. */
function clicks(count: number): OutgoingEvent[] {
  const site = { ...defaultSite, sessions: { ...defaultSite.sessions, atOnce: 2_000 } };
  const generator = createClickGenerator(seededRandom('throughput'), site);
  return Array.from({ length: count }, (_, index) =>
    outgoingEvent(generator.next(Date.UTC(2026, 0, 1) + index)),
  );
}

type NullServer = ChildServer<Taken>;

/** A Kinesis that takes everything, by TLS with a certificate that nobody knows. */
function startNullServer(latencyMs: number, looks: 'reading' | 'blind'): Promise<NullServer> {
  return startChildServer(join(__dirname, 'null-server.ts'), [String(latencyMs), looks]);
}

async function put(
  contender: PutContender,
  events: readonly OutgoingEvent[],
  server: NullServer,
): Promise<{ readonly turn: Turn; readonly taken: Taken }> {
  const client = contender.client(server.endpoint);
  const { result: accepted, ms, cpuMs } = await timed(() => contender.send(client, events));
  client.destroy();
  const taken = await server.ask();
  const figures = {
    perSecond: (events.length / ms) * 1_000,
    cpuMicros: (cpuMs / events.length) * 1_000,
    eventsPerRequest: events.length / taken.requests,
    records: taken.records,
    connections: taken.connections,
  };
  return { turn: { right: accepted === events.length, figures }, taken };
}

/** Throws if a contender does not bring exactly the events that it is given, each byte of them. */
async function check(server: NullServer, pool: readonly OutgoingEvent[]): Promise<void> {
  for (const contender of contenders) {
    const events = pool.slice(0, 20 * contender.scale);
    const lines = events.map(({ data }) => Buffer.from(data).toString());
    const expected = createHash('sha256').update(lines.sort().join('\n')).digest('hex');
    const { turn, taken } = await put(contender, events, server);
    if (taken.digest !== expected || !turn.right)
      throw new Error(`${contender.name} brought other events than it was given`);
  }
}
