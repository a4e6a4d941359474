import type { Position } from '../event/position';

/**
 * A place in a shard's log of deltas: the position of the last event that a delta counts; or, of a repair or a
 * correction, the place before it, `!`, and six digits. Its order as text is its order in the log.
 */
export type Place = Position;

/** The place before the first delta. No position sorts before it. */
export const logBegin: Place = '0';

const correctionDigits = 6;

/** The event behind which a correction stands; of an event's own place, that place. */
export function eventOf(place: Place): Position {
  return place.split('!')[0]!;
}

/**
 * The place of a repair or correction that follows `place`.
 *
 * @throws RangeError behind a million corrections without an event between them
 */
export function correctionAfter(place: Place): Place {
  const [position = '', digits] = place.split('!');
  const number = digits === undefined ? 1 : Number(digits) + 1;
  const text = String(number).padStart(correctionDigits, '0');
  if (text.length > correctionDigits) throw new RangeError(`place ${place}: no correction fits behind it`);
  return `${position}!${text}`;
}

/** The further of two places. */
export function furtherOf(a: Place, b: Place): Place {
  return a > b ? a : b;
}
