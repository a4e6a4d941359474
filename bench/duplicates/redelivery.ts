import { duplicateFilter } from '../../domain/duplicates/duplicate-filter';
import { positionOf } from '../../domain/event/position';
import type { PlacedEvent } from '../../domain/fold';
import { type Random, seededRandom } from '../../domain/numbers/random';
import { type Design, designs, horizonSeconds } from './designs';

export interface RedeliveryRow {
  readonly design: string;
  readonly events: number;
  readonly duplicates: number;
  readonly redeliveries: number;
  /** Events that never counted, though none of their id did before. */
  readonly lost: number;
  /** Duplicates that counted as events. */
  readonly countedTwice: number;
}

const killed = 0.1;
const answeredInPart = 0.1;
const copies = 0.05;
const restarts = 0.02;

/**
 * Delivers one shard as a mapping may: batches of any length, functions that die anywhere, answers that name the
 * first record that is not done, restarts from an older checkpoint. Counting is exact under redelivery, as the
 * counters are: an event counts once as what it was taken for.
 */
export function measureRedelivery(design: string, events: number): RedeliveryRow {
  const random = seededRandom('redelivery');
  const shard = eventsOfShard(events, random);
  const isDuplicate = duplicateFilter(horizonSeconds);
  const duplicates = new Set(shard.filter(isDuplicate).map(({ position }) => position));
  const counted = new Map<string, { click: boolean; duplicate: boolean }>();
  const redeliveries = deliver(shard, designs[design]!(), random, ({ position }, as) => {
    const known = counted.get(position) ?? { click: false, duplicate: false };
    counted.set(position, { ...known, [as]: true });
  });
  const isClick = ({ position }: PlacedEvent): boolean => counted.get(position)?.click ?? false;
  return {
    design,
    events,
    duplicates: duplicates.size,
    redeliveries,
    lost: shard.filter((event) => !duplicates.has(event.position) && !isClick(event)).length,
    countedTwice: shard.filter((event) => duplicates.has(event.position) && isClick(event)).length,
  };
}

/** A tenth of a second apart; a copy follows its event within 200 others. */
function eventsOfShard(count: number, random: Random): PlacedEvent[] {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const isCopy = i > 0 && random.float() < copies;
    ids.push(isCopy ? ids[Math.max(0, i - 1 - random.below(200))]! : `event-${i}`);
  }
  return ids.map((eventId, i) => ({
    eventId,
    position: positionOf(String(10n ** 55n + BigInt(i)), 0),
    arrivedAt: Date.UTC(2026, 0, 1) + i * 100,
  }));
}

function deliver(
  shard: readonly PlacedEvent[],
  design: Design,
  random: Random,
  count: (event: PlacedEvent, as: 'click' | 'duplicate') => void,
): number {
  let redeliveries = 0;
  for (let from = 0; from < shard.length; ) {
    const batch = shard.slice(from, from + 1 + random.below(200));
    const decided: { event: PlacedEvent; as: 'click' | 'duplicate' }[] = [];
    const { isDuplicate, remember } = design.begin(batch[0]!.position, random.float() < killed);
    const isKilled = random.float() < killed;
    const survives = isKilled ? random.below(3 * batch.length) : Number.POSITIVE_INFINITY;
    for (const event of batch.slice(0, survives)) {
      decided.push({ event, as: isDuplicate(event) ? 'duplicate' : 'click' });
    }
    // Counted by item, in any order; here, from the last.
    const countedEvents = Math.max(0, survives - batch.length);
    if (survives > batch.length)
      for (const { event, as } of decided.toReversed().slice(0, countedEvents)) count(event, as);
    if (survives > 2 * batch.length) remember();
    if (isKilled) {
      redeliveries++;
      continue;
    }
    const isInPart = random.float() < answeredInPart;
    const done = isInPart ? random.below(batch.length) : batch.length;
    from += done;
    if (random.float() < restarts) from = Math.max(0, from - random.below(500));
    if (done < batch.length) redeliveries++;
  }
  return redeliveries;
}
