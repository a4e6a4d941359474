import { conditionalWriteMutants } from './conditional-write';
import { type Mutant, mutantsOf } from './mutant';

const inTable = mutantsOf('lambda/aggregator/uniques-table.ts');
const inItem = mutantsOf('domain/unique-item.ts');
const inAggregate = mutantsOf('lambda/aggregator/aggregate.ts');

/** Mistakes in the lock of an item with sketches, and in what it keeps of what it has. */
export const sketchMutants: readonly Mutant[] = [
  inTable('writes without a lock', ', ...condition(madeFrom)', ''),
  inTable('locks out nobody who has written before', "'#version = :version'", "'attribute_exists(#version)'"),
  ...conditionalWriteMutants,
  inItem('forgets the sketches that an item has', 'new Map(held?.sketches)', 'new Map<string, Uint8Array>()'),
  inItem('forgets whom a sketch has seen', 'bytes ? decodeSketch(bytes) :', ''),
  inItem('keeps the version', '(held?.version ?? 0) + 1', 'held?.version ?? 1'),
  inItem('gives every value a sketch', 'isNew && values === maxSketches', 'isNew && values < 0'),
  inItem('does not count the sketches of a batch', 'if (isNew) values++;', ''),
  inItem('loses those without room', 'add(UniqueAttributes.other, withoutRoom);', ''),
  inAggregate('says nothing of a sketch that failed', 'tally.unfinished(run.first, error);', ''),
];
