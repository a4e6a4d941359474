import { type Mutant, mutantsOf } from './mutant';

const inEvents = mutantsOf('domain/recent-events.ts');
const inRecent = mutantsOf('lambda/aggregator/recent-events.ts');
const inTable = mutantsOf('lambda/aggregator/recent-chunks-table.ts');
const inAggregate = mutantsOf('lambda/aggregator/aggregate.ts');
const inDimensions = mutantsOf('domain/dimensions.ts');

/** Mistakes in who came before whom, and in what is known of it. */
export const duplicateMutants: readonly Mutant[] = [
  inEvents(
    'takes an event that comes again for its own duplicate',
    'earlier.position < position && earlier.slice >= oldest',
    'earlier.slice >= oldest',
  ),
  inEvents('passes a chunk before its end', 'if (last >= position) continue;', ''),
  inEvents(
    'knows nothing of a chunk that a batch begins in',
    '.filter(({ first }) => first < start)',
    '.slice(0, 0)',
  ),
  inEvents('decides though it knows too much', 'return this.settledTo <= start;', 'return true;'),
  inEvents('takes all that it knows for earlier', 'if (chunk.last >= start) continue;', ''),
  inEvents(
    'remembers for longer',
    'const oldest = slice - slicesPerHorizon;',
    'const oldest = slice - slicesPerHorizon - 1;',
  ),
  inEvents(
    'forgets too early',
    'const oldest = slice - slicesPerHorizon;',
    'const oldest = slice - slicesPerHorizon + 1;',
  ),
  inEvents('does not look within a batch', 'passed.add(hash, slice);\n      events', 'events'),
  inRecent(
    'reads back too little',
    'latestSlice(chunk) + slicesBackwards < oldest',
    'latestSlice(chunk) < oldest + 6',
  ),
  inTable('reads one page', 'start = page.LastEvaluatedKey;', 'start = undefined;'),
  inRecent(
    'does not read the chunks that end behind the start of a batch',
    'if (behind.events() < limits.eventsOfABatch) {',
    'if (behind.events() < 0) {',
  ),
  inAggregate('counts what it could not decide', 'decided = [];', ''),
  inAggregate(
    'says nothing of recent events that it could not write',
    'duplicates.remember(signal);\n  } catch (error) {\n    tally.unfinished(first, error);',
    'duplicates.remember(signal);\n  } catch (error) {',
  ),
  inAggregate(
    'remembers nothing',
    'tally.recentItemsWritten = await duplicates.remember(signal);',
    'tally.recentItemsWritten = 0;',
  ),
  inDimensions(
    'counts a duplicate as a click as well',
    "(dimension.of === 'duplicate') === isDuplicate",
    "dimension.of !== 'duplicate' || isDuplicate",
  ),
];
