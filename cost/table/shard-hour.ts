import type { ShardLoad } from './shard-load';
import { type Counted, createSimulation } from './simulation';

/** Events beyond which some minutes of the hour stand for the others. */
const eventsInFull = 150_000;
/** Events at least, so that the mean of a slow stream is one. */
const leastEvents = 2_000;
const mostHours = 24;
/** Events that stand for all those of a time that is not measured. */
const eventsBetween = 5_000;

const hourSeconds = 3_600;

/**
 * Minutes that stand for `minutes` of the hour. An item of an hour grows fast at first and then hardly, so the first
 * minutes stand for few.
 */
const strata = [
  { from: 0, minutes: 1, measured: 0 },
  { from: 1, minutes: 3, measured: 2 },
  { from: 4, minutes: 12, measured: 8 },
  { from: 16, minutes: 44, measured: 34 },
] as const;

/**
 * What one shard costs the aggregator and its table in an hour: clicks in even distances, cut into batches as the
 * mapping cuts them, counted by the product's own `fold` and `planWrite`, each write charged by the size that its
 * item has by then. Nothing fails, and nothing is delivered twice. The same load always gives the same figures.
 */
export function shardHour(load: ShardLoad): Counted {
  const id = JSON.stringify(load);
  const known = simulated.get(id);
  if (known) return known;
  const counted = simulateHour(load);
  simulated.set(id, counted);
  return counted;
}

/** One bill is asked for several times over: of other months, beside other designs. */
const simulated = new Map<string, Counted>();

function simulateHour(load: ShardLoad): Counted {
  const eventsAnHour = load.recordsPerSecond * load.eventsPerRecord * hourSeconds;
  if (eventsAnHour === 0) {
    return { batches: 0, writes: 0, writeUnits: 0, storedBytes: { minute: 0, hour: 0 } };
  }
  const simulation = createSimulation(load);
  if (eventsAnHour > eventsInFull) {
    for (const { from, minutes, measured } of strata) {
      if (measured > from) simulation.grow(from * 60, eventsBetween);
      simulation.run(measured * 60, measured * 60 + 60, minutes);
      if (measured + 1 < from + minutes) simulation.grow(measured * 60 + 60, eventsBetween);
    }
    return simulation.result();
  }
  const hours = Math.min(mostHours, Math.ceil(leastEvents / eventsAnHour));
  simulation.run(0, hours * hourSeconds, 1);
  return anHourOf(simulation.result(), hours);
}

function anHourOf({ batches, writes, writeUnits, storedBytes }: Counted, hours: number): Counted {
  return {
    batches: batches / hours,
    writes: writes / hours,
    writeUnits: writeUnits / hours,
    storedBytes: { minute: storedBytes.minute / hours, hour: storedBytes.hour / hours },
  };
}
