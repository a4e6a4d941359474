import { type Mutant, mutantsOf } from './mutant';

const inPlan = mutantsOf('recover/repair/plan.ts');
const inCopies = mutantsOf('recover/repair/later-copies.ts');
const inChange = mutantsOf('recover/repair/change.ts');
const inMakeChanges = mutantsOf('recover/repair/make-changes.ts');
const inTable = mutantsOf('recover/table/items-table.ts');

/** Mistakes in what a repair recomputes, up to where, and in how it writes beside an aggregator. */
export const repairMutants: readonly Mutant[] = [
  inPlan(
    'recomputes up to the end of the batch, wherever an item stands',
    '[end, stands, floors.get(id)?.position ?? end]',
    '[end]',
  ),
  inPlan(
    'does not look for later copies',
    'const floors = floorsOf(batch.shard, copies);',
    'const floors = new Map();',
  ),
  inCopies(
    'takes the place of a copy for the end of its record',
    'endOfRecord(copy.sequenceNumber)',
    'copy.position',
  ),
  inPlan(
    'leaves out what arrived after the last event',
    'Math.max(through.arrivedAt, lastCopy) + arrivalSlackMs',
    'through.arrivedAt',
  ),
  inChange('lets an item go back', '[wanted, held, floor].reduce', '[wanted].reduce'),
  inMakeChanges('leaves items that have moved on', 'else movedOn.push(item.key);', ''),
  inTable(
    'writes over what an aggregator has written meanwhile',
    ": { ConditionExpression: '#seq = :held'",
    ": { ConditionExpression: 'attribute_exists(#seq)'",
  ),
];
