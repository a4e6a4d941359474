import { createHash } from 'node:crypto';
import type { OutgoingEvent } from '../../producer/client/outgoing-event';
import { collectGarbage } from '../collect-garbage';
import { cpuTimer } from '../cpu-timer';
import { ratio, type Spread, spread } from '../spread';
import { type Rounds, takeTurns } from '../take-turns';
import type { Contender } from './contender';
import type { NullServer, Taken } from './start-null-server';

export interface Result {
  readonly name: string;
  readonly what: string;
  readonly eventsPerRound: number;
  /** Every event of every round was. */
  readonly accepted: boolean;
  readonly recordsPerRound: number;
  readonly eventsPerRequest: number;
  readonly perSecond: Spread;
  /** Of this process, all its threads. */
  readonly cpuMicrosPerEvent: Spread;
  /** In a round, the most of all. */
  readonly connections: number;
  readonly maxInFlight: number;
  readonly toOnePutRecord: Spread;
  readonly toPutRecords: Spread;
  readonly toPutRecordsKept: Spread;
  /** CPU time, to that of the floor. */
  readonly cpuToFloor: Spread;
}

export interface Size extends Rounds {
  /** One round of the contender with scale 1. */
  readonly events: number;
}

/** One contender's turn in one round. */
interface Turn {
  readonly events: number;
  readonly accepted: number;
  readonly taken: Taken;
  readonly perSecond: number;
  readonly cpuMicrosPerEvent: number;
}

/** Lets the contenders take turns, and compares them round by round. Each sends the pool's first events. */
export async function measure(
  contenders: readonly Contender[],
  pool: readonly OutgoingEvent[],
  server: NullServer,
  { events, warmUps, rounds }: Size,
): Promise<Result[]> {
  const turns = await takeTurns(contenders, { warmUps, rounds }, (contender) => {
    const count = events * contender.scale;
    return takeTurn(contender, pool.slice(0, count), server);
  });

  const rates = (name: string) => turns.get(name)!.map(({ perSecond }) => perSecond);
  const cpu = (name: string) => turns.get(name)!.map(({ cpuMicrosPerEvent }) => cpuMicrosPerEvent);
  return contenders.map(({ name, what, maxInFlight }) => {
    const own = turns.get(name)!;
    const { events, taken } = own[0]!;
    return {
      name,
      what,
      eventsPerRound: events,
      accepted: own.every((turn) => turn.events === turn.accepted),
      recordsPerRound: taken.records,
      eventsPerRequest: events / taken.requests,
      perSecond: spread(rates(name)),
      cpuMicrosPerEvent: spread(cpu(name)),
      connections: Math.max(...own.map(({ taken }) => taken.connections)),
      maxInFlight,
      toOnePutRecord: ratio(rates(name), rates('one-put-record')),
      toPutRecords: ratio(rates(name), rates('put-records')),
      toPutRecordsKept: ratio(rates(name), rates('put-records-kept')),
      cpuToFloor: ratio(cpu(name), cpu('raw-put-records')),
    };
  });
}

async function takeTurn(
  contender: Contender,
  events: readonly OutgoingEvent[],
  server: NullServer,
): Promise<Turn> {
  const prepared = contender.prepare(events, server.endpoint);
  collectGarbage();
  const micros = cpuTimer();
  const startedAt = performance.now();
  const accepted = await prepared.send();
  const ms = performance.now() - startedAt;
  const cpuMicros = micros();
  prepared.close();
  return {
    events: events.length,
    accepted,
    taken: await server.ask(),
    perSecond: (events.length / ms) * 1000,
    cpuMicrosPerEvent: cpuMicros / events.length,
  };
}

/** Throws if a contender does not bring exactly the events that it is given, each byte of them, to a server that reads them. */
export async function check(
  contenders: readonly Contender[],
  pool: readonly OutgoingEvent[],
  server: NullServer,
): Promise<void> {
  for (const contender of contenders) {
    const events = pool.slice(0, 20 * contender.scale);
    const lines = events.map(({ data }) => Buffer.from(data).toString());
    const expected = createHash('sha256').update(lines.sort().join('\n')).digest('hex');
    const { taken, accepted } = await takeTurn(contender, events, server);
    if (taken.digest !== expected || accepted !== events.length) {
      throw new Error(
        `${contender.name} brought other events than it was given: ${accepted} accepted of ${events.length}`,
      );
    }
  }
}
