import { type Mutant, mistakesIn, seldomMet } from './mutant';

const inView = mistakesIn('table/view.ts');
const inTable = mistakesIn('table/log-table.ts');

/** Mistakes of readers. */
export const readingMutants: readonly Mutant[] = [
  {
    name: 'reads the items before the entries',
    edits: [
      {
        file: 'table/view.ts',
        within: 'load',
        find: 'const logs = new Map<string, ReadLog>();',
        replace:
          'const stored = await readItems(queries, table, signal);\n  const logs = new Map<string, ReadLog>();',
      },
      {
        file: 'table/view.ts',
        within: 'load',
        find: 'const stored = await readItems(queries, table, signal);\n\n',
        replace: '',
      },
    ],
  },
  inTable(
    'lets entries and logs be read from a replica',
    'query',
    'ConsistentRead: true',
    'ConsistentRead: false',
  ),
  inTable('lets an entry be read from a replica', 'entry', 'ConsistentRead: true', 'ConsistentRead: false'),
  inTable('lets ids be read from a replica', 'batchGet', 'ConsistentRead: true', 'ConsistentRead: false'),
  inTable('reads one page', 'query', 'start = page.LastEvaluatedKey;', ''),
  inTable(
    'takes what was processed for all that was asked for',
    'batchGet',
    'pending = answer.UnprocessedKeys?.[TableName]?.Keys;',
    'pending = undefined;',
  ),
  inTable('reads the log behind a place without the delta at it', 'deltas', '#sk >= :from', '#sk > :from'),
  inView('shows items that are ahead of the log as they are', 'load', 'if (item.seq > tail)', 'if (false)'),
  inView(
    'reads the log of a new shard from where it is compacted to',
    'load',
    'await readLog(shardKey, undefined)',
    'await readLog(shardKey, await table.entry(shardKey, signal))',
  ),
  inView('takes every log for settled', 'load', 'entry?.isSettled ? [] :', 'entry ? [] :'),
  inView('shows what has expired', 'viewOf', 'item.expiresAt * 1000 > now', 'true'),
  inView(
    'adds what is pending to every item anew',
    'addDeltas',
    'const held = shard.items.get(id)?.item;',
    'const held = undefined as Item | undefined;',
  ),
  seldomMet(inView('follows a new shard without its items', 'followOn', 'return false;', 'void 0;')),
  inView('does not move on with the log', 'addDeltas', 'shard.tail = furtherOf(shard.tail, last);', ''),
];
