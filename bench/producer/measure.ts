import type { OutgoingEvent } from '../../producer/outgoing-event';
import type { Contender } from './contenders';
import type { NullServer } from './start-null-server';

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

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

export interface Size {
  /** One round of the contender with scale 1. */
  readonly events: number;
  readonly warmUps: number;
  readonly rounds: number;
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
  const turns = new Map<string, Turn[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -warmUps; round < rounds; round++) {
    // Every other round backwards, so that nobody always follows the same one.
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const count = events * contender.scale;
      const some = Array.from({ length: count }, (_, index) => pool[index % pool.length]!);
      const turn = await takeTurn(contender, some, server);
      if (round >= 0) turns.get(contender.name)!.push(turn);
    }
  }

  const rates = (name: string) => turns.get(name)!.map(({ perSecond }) => perSecond);
  // Within a round, so that what disturbed the machine then disturbed both sides.
  const ratio = (name: string, to: string) => {
    const others = rates(to);
    return spread(rates(name).map((rate, round) => rate / others[round]!));
  };
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
      toOnePutRecord: ratio(name, 'one-put-record'),
      toNaivePutRecords: ratio(name, 'naive-put-records'),
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
    records: await server.records(),
    perSecond: (events.length / ms) * 1000,
    cpuMicrosPerEvent: (user + system) / events.length,
  };
}

function spread(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)]!,
    least: sorted[0]!,
    most: sorted[sorted.length - 1]!,
  };
}
