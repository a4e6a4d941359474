import type { OutgoingEvent } from '../../producer/outgoing-event';
import { ratio, type Spread, spread } from '../spread';
import { type Rounds, takeTurns } from '../take-turns';
import type { Contender } from './contenders';
import type { NullServer } from './start-null-server';

export interface Result {
  readonly name: string;
  readonly what: string;
  readonly eventsPerRound: number;
  /** Every event of every round was. */
  readonly accepted: boolean;
  readonly recordsPerRound: number;
  readonly perSecond: Spread;
  /** Of this process, all its threads. */
  readonly cpuMicrosPerEvent: Spread;
  readonly toOnePutRecord: Spread;
  readonly toNaivePutRecords: Spread;
}

export interface Size extends Rounds {
  /** One round of the contender with scale 1. */
  readonly events: number;
}

/** One contender's turn in one round. */
interface Turn {
  readonly events: number;
  readonly accepted: number;
  readonly records: number;
  readonly perSecond: number;
  readonly cpuMicrosPerEvent: number;
}

/** Lets the contenders take turns, and compares them round by round. The pool's events are sent over and over. */
export async function measure(
  contenders: readonly Contender[],
  pool: readonly OutgoingEvent[],
  server: NullServer,
  { events, warmUps, rounds }: Size,
): Promise<Result[]> {
  const turns = await takeTurns(contenders, { warmUps, rounds }, (contender) => {
    const count = events * contender.scale;
    const some = Array.from({ length: count }, (_, index) => pool[index % pool.length]!);
    return takeTurn(contender, some, server);
  });

  const rates = (name: string) => turns.get(name)!.map(({ perSecond }) => perSecond);
  return contenders.map(({ name, what }) => {
    const own = turns.get(name)!;
    return {
      name,
      what,
      eventsPerRound: own[0]!.events,
      accepted: own.every((turn) => turn.events === turn.accepted),
      recordsPerRound: own[0]!.records,
      perSecond: spread(rates(name)),
      cpuMicrosPerEvent: spread(own.map(({ cpuMicrosPerEvent }) => cpuMicrosPerEvent)),
      toOnePutRecord: ratio(rates(name), rates('one-put-record')),
      toNaivePutRecords: ratio(rates(name), rates('naive-put-records')),
    };
  });
}

async function takeTurn(
  contender: Contender,
  events: readonly OutgoingEvent[],
  server: NullServer,
): Promise<Turn> {
  const prepared = contender.prepare(events, server.endpoint);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const accepted = await prepared.send();
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  prepared.close();
  return {
    events: events.length,
    accepted,
    records: await server.ask(),
    perSecond: (events.length / ms) * 1000,
    cpuMicrosPerEvent: (user + system) / events.length,
  };
}
