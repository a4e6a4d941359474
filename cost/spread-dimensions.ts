import { dimensions, valueIn } from '../domain/counters/dimensions';
import { readRecord } from '../domain/event/record';
import { seededRandom } from '../domain/numbers/random';
import { createClickGenerator } from '../producer/traffic/click-generator';

/** A dimension whose values have items of their own, and as many however many pages there are. */
export interface SpreadDimension {
  readonly name: string;
  readonly buckets: number;
  /** Of the events, those that count in it. */
  readonly share: number;
  /** Different values. */
  readonly values: number;
}

const sampleEvents = 3_000;

/** Asked of the generated clicks, so that a dimension that is added is in the bill. Pages are told for themselves. */
export const spreadDimensions: readonly SpreadDimension[] = measure();

function measure(): SpreadDimension[] {
  const clicks = createClickGenerator(seededRandom('clicks of the bill'));
  const lines = Array.from({ length: sampleEvents }, () => JSON.stringify(clicks.next(0)));
  const readings = [...readRecord(Buffer.from(lines.join('\n')), 0)];
  return dimensions
    .filter(({ of, name, buckets }) => of === 'click' && buckets > 1 && name !== 'page')
    .map((dimension) => {
      const found = readings.flatMap((reading) => valueIn(dimension, reading, false) ?? []);
      const { name, buckets } = dimension;
      return { name, buckets, share: found.length / sampleEvents, values: new Set(found).size };
    });
}
