import { type BrokenRule, mistakesIn, seldomMet } from './mutant';
import { call, condition, member, moved, operator, property, without, words } from './mutation';

const inView = mistakesIn('table/view.ts');
const inTable = mistakesIn('table/log-table.ts');

export const brokenByReaders: readonly BrokenRule[] = [
  {
    rule: 'Entries are read first, then logs and items',
    mutants: [
      inView('reads the items before the entries', 'load', moved('entries', 'readItems')),
      inView(
        'reads the log of a new shard from where it is compacted to',
        'load',
        call('readLog', 'readLog($1, await $entries.0.entry($1, $entries.1))', [2, 2]),
      ),
      inView('takes every log for settled', 'load', member('isSettled', '$0')),
      seldomMet(
        inView('follows a new shard without its items', 'followOn', condition('if', 'false', [1, 3])),
      ),
    ],
  },
  {
    rule: 'All reads are consistent, and whole',
    mutants: [
      inTable('lets entries and logs be read from a replica', 'query', property('ConsistentRead', 'false')),
      inTable('lets an entry be read from a replica', 'entry', property('ConsistentRead', 'false')),
      inTable('lets ids be read from a replica', 'batchGet', property('ConsistentRead', 'false')),
      inTable('reads one page', 'query', member('LastEvaluatedKey', 'undefined')),
      inTable(
        'takes what was processed for all that was asked for',
        'batchGet',
        member('UnprocessedKeys', 'undefined'),
      ),
      inTable(
        'reads the log behind a place without the delta at it',
        'deltas',
        words('#sk >= :from', '#sk > :from'),
      ),
    ],
  },
  {
    rule: 'All that is shown of a shard stands at one tail',
    mutants: [
      inView('shows items that are ahead of the log as they are', 'load', operator('>', 'false')),
      inView('adds what is pending to every item anew', 'addDeltas', member('item', 'undefined')),
      inView('does not move on with the log', 'addDeltas', without('tail')),
    ],
  },
  {
    rule: 'What has expired is not shown',
    mutants: [inView('shows what has expired', 'viewOf', operator('>', 'true'))],
  },
];
