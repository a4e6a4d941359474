import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ShardRecord } from '../../domain/fold';
import { cpuTimer } from '../cpu-timer';
import { ratio, type Spread, spread } from '../spread';
import { type Rounds, takeTurns } from '../take-turns';
import { type Counters, countersOf } from './counters';
import type { TableDesign } from './design';
import { readCounters, withTable } from './emulated-table';
import { mortalTable } from './mortal-table';

export interface Result {
  readonly name: string;
  readonly what: string;
  readonly isExact: boolean;
  /** Whether the table counted right where nothing went wrong. */
  readonly right: boolean;
  /** Requests for 1,000 records. */
  readonly requests: number;
  /** Milliseconds for 1,000 records: those that passed, and CPU time of the writing process. */
  readonly ms: Spread;
  readonly cpuMs: Spread;
  /** Time that passes, compared with the product's of the same round. */
  readonly timesProduct: Spread;
  readonly redelivered: Differences;
}

/** What the counters are off by, added up over them. */
export interface Differences {
  readonly countedTwice: number;
  readonly lost: number;
}

export interface Load extends Rounds {
  /** Not empty. */
  readonly batches: readonly (readonly ShardRecord[])[];
}

/** Writes the same batches by each design in turn, and then once more with a function that is killed. */
export async function measure(
  client: DynamoDBClient,
  designs: readonly TableDesign[],
  load: Load,
): Promise<Result[]> {
  const records = load.batches.flat();
  const truth = countersOf(records);
  let tables = 0;
  const tableName = () => `table-${tables++}`;

  const turns = await takeTurns(designs, load, (design) =>
    withTable(client, tableName(), async (name) => {
      const table = mortalTable(client);
      const micros = cpuTimer();
      const startedAt = performance.now();
      for (const batch of load.batches) await design.count(table.calls, name, batch);
      const ms = performance.now() - startedAt;
      const cpuMicros = micros();
      const differences = compare(truth, await readCounters(client, name, design));
      return { ms, cpuMs: cpuMicros / 1_000, requests: table.requests(), differences };
    }),
  );
  const redelivered = new Map<string, Differences>();
  for (const design of designs) {
    const differences = await withTable(client, tableName(), async (name) => {
      await deliverWithKill(client, name, design, load.batches);
      return compare(truth, await readCounters(client, name, design));
    });
    redelivered.set(design.name, differences);
  }

  const perThousand = (value: number): number => value / (records.length / 1_000);
  return designs.map(({ name, what, isExact }) => {
    const own = turns.get(name)!;
    const times = (of: string): number[] => turns.get(of)!.map(({ ms }) => ms);
    return {
      name,
      what,
      isExact,
      right: own.every(({ differences }) => differences.countedTwice + differences.lost === 0),
      requests: perThousand(own[0]!.requests),
      ms: spread(times(name).map(perThousand)),
      cpuMs: spread(own.map(({ cpuMs }) => perThousand(cpuMs))),
      timesProduct: ratio(times(name), times(designs[0]!.name)),
      redelivered: redelivered.get(name)!,
    };
  });
}

/**
 * Delivers all batches; the function that has the last one is killed once half of its requests are sent. The stream then
 * goes on from an older checkpoint, so that what comes again is cut in other places.
 */
async function deliverWithKill(
  client: DynamoDBClient,
  name: string,
  { count }: TableDesign,
  batches: readonly (readonly ShardRecord[])[],
): Promise<void> {
  const last = batches.at(-1)!;
  const earlier = batches.slice(0, -1);
  for (const batch of earlier) await count(mortalTable(client).calls, name, batch);

  const needed = await withTable(client, `${name}-whole`, async (whole) => {
    const table = mortalTable(client);
    await count(table.calls, whole, last);
    return table.requests();
  });
  const killed = mortalTable(client, Math.ceil(needed / 2));
  await count(killed.calls, name, last).catch((error: Error) => {
    if (error.name !== 'Killed') throw error;
  });
  await killed.settled();

  const again = [...(earlier.at(-1) ?? []).slice(-Math.floor(last.length / 2)), ...last];
  const middle = Math.floor(again.length * 0.6);
  for (const batch of [again.slice(0, middle), again.slice(middle)]) {
    await count(mortalTable(client).calls, name, batch);
  }
}

function compare(truth: Counters, counted: Counters): Differences {
  let countedTwice = 0;
  let lost = 0;
  for (const name of new Set([...truth.keys(), ...counted.keys()])) {
    const difference = (counted.get(name) ?? 0) - (truth.get(name) ?? 0);
    if (difference > 0) countedTwice += difference;
    else lost -= difference;
  }
  return { countedTwice, lost };
}
