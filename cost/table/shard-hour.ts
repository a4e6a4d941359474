import type { ShardLoad } from './shard-load';
import { type Counted, createSimulation } from './simulation';
import { type Charges, noCharges } from './table-part';

const defaultEventsInFull = 60_000;
/** Events at least, so that the mean of a slow stream is one. */
const leastEvents = 2_000;
const mostHours = 24;

const hourSeconds = 3_600;

/**
 * Minutes that stand for `minutes` of the hour. An item of an hour grows fast at first and then hardly, and what
 * changes a sketch gets rarer as 1/t, so the first minutes stand for few.
 */
const strata = [
  { from: 0, minutes: 2, measured: 1 },
  { from: 2, minutes: 4, measured: 3 },
  { from: 6, minutes: 14, measured: 11 },
  { from: 20, minutes: 40, measured: 36 },
] as const;

/**
 * What one shard costs the aggregator and its table in an hour: clicks in even distances, cut into batches as the
 * mapping cuts them, counted by the product's own `fold` and `planWrite`, each write charged by the size that its
 * item has by then. Nothing fails, and nothing is delivered twice. The same load always gives the same figures.
 *
 * @param eventsInFull events of the hour beyond which some of its minutes stand for the others
 */
export function shardHour(load: ShardLoad, eventsInFull = defaultEventsInFull): Counted {
  const id = JSON.stringify({ ...load, eventsInFull });
  const known = simulated.get(id);
  if (known) return known;
  const counted = simulateHour(load, eventsInFull);
  simulated.set(id, counted);
  return counted;
}

/** One bill is asked for several times over: of other months, beside other designs. */
const simulated = new Map<string, Counted>();

function simulateHour(load: ShardLoad, eventsInFull: number): Counted {
  const eventsAnHour = load.recordsPerSecond * load.eventsPerRecord * hourSeconds;
  if (eventsAnHour === 0) {
    return { batches: 0, parts: { counters: noCharges, recentEvents: noCharges, uniqueVisitors: noCharges } };
  }
  const simulation = createSimulation(load);
  if (eventsAnHour > eventsInFull) {
    for (const { from, minutes, measured } of strata) {
      simulation.grow(from, measured - from);
      simulation.runMinute(measured, minutes);
      simulation.grow(measured, from + minutes - measured - 1);
    }
    return simulation.result();
  }
  const hours = Math.min(mostHours, Math.ceil(leastEvents / eventsAnHour));
  simulation.run(hours * 60);
  return anHourOf(simulation.result(), hours);
}

function anHourOf({ batches, parts }: Counted, hours: number): Counted {
  const part = ({ writes, writeUnits, readUnits, storedBytes }: Charges): Charges => ({
    writes: writes / hours,
    writeUnits: writeUnits / hours,
    readUnits: readUnits / hours,
    storedBytes: {
      minute: storedBytes.minute / hours,
      hour: storedBytes.hour / hours,
      recent: storedBytes.recent / hours,
    },
  });
  return {
    batches: batches / hours,
    parts: {
      counters: part(parts.counters),
      recentEvents: part(parts.recentEvents),
      uniqueVisitors: part(parts.uniqueVisitors),
    },
  };
}
