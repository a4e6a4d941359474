// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code that a mutant has
import { type BrokenRule, mistakesIn, seldomMet } from './mutant';
import {
  call,
  condition,
  constant,
  interpolation,
  moved,
  operator,
  property,
  without,
  words,
} from './mutation';

const inCompact = mistakesIn('table/compact.ts');
const inTable = mistakesIn('table/log-table.ts');
const inItem = mistakesIn('domain/counters/item.ts');
const inFold = mistakesIn('domain/counters/fold.ts');
const inLayout = mistakesIn('domain/counters/table-layout.ts');
const inBody = mistakesIn('domain/counters/delta-body.ts');
const inAttributes = mistakesIn('table/item-attributes.ts');
const inDimensions = mistakesIn('domain/counters/dimensions.ts');
const inValue = mistakesIn('domain/counters/counter-value.ts');

export const brokenByCompactions: readonly BrokenRule[] = [
  {
    rule: 'An item is put if its place is the one that was read',
    mutants: [
      inTable(
        'puts an item over what another has put',
        'ifSeqIs',
        words('#seq = :seq', 'attribute_exists(#seq)'),
      ),
      inTable('puts an item that was not there over one that is', 'putItem', constant('ifAbsent', '{}')),
      inCompact('puts an item back', 'bringTo', operator('>=', 'false')),
      inCompact(
        'gives up on an item that another has put',
        'bringTo',
        call('putItem', '$&.then(() => true)'),
      ),
    ],
  },
  {
    rule: 'A merge adds the deltas behind the place of the item',
    mutants: [
      inItem('merges what is in an item already', 'mergedItem', operator('<=', 'false')),
      inCompact(
        'gives items the place of the tail',
        'compact',
        call('writePiece', 'writePiece($1, { ...$2, deltas: $takePiece.1 }, $3)'),
      ),
    ],
  },
  {
    rule: 'An item lives from the last arrival in it, and what has expired is empty',
    mutants: [
      inItem('keeps what an item had when it expired', 'mergedItem', operator('&&', '$1', [1, 2])),
      inItem('lets an item expire with the delta that it got last', 'mergedItem', call('max', '$2')),
    ],
  },
  {
    rule: 'The log is compacted to where all its items are',
    mutants: [
      inCompact(
        'says that a log is compacted before the items are put',
        'compact',
        moved('writePiece', 'moveCompacted'),
      ),
      inCompact(
        'says that the whole log is compacted behind a piece of it',
        'compact',
        call('at', '$takePiece.1.at($1)'),
      ),
      inCompact(
        'goes on behind a piece as if more had been taken',
        'compact',
        call('slice', '$0.slice($1 + 1)'),
      ),
      inCompact('takes no delta that is too large', 'takePiece', operator('&&', '$2')),
      inCompact(
        'forgets the latest arrival of the pieces before',
        'compact',
        operator('??', '$knownOf.1.countedUntil ?? $2'),
      ),
      inCompact('goes on with deltas of another place', 'knownOf', operator('===', '$1 > $2')),
    ],
  },
  {
    rule: 'An entry is settled if nothing is pending, and nothing can be appended by it',
    mutants: [
      seldomMet(
        inTable(
          'settles an entry that was renewed meanwhile',
          'settleEntry',
          property('ConditionExpression', 'undefined'),
        ),
      ),
      inCompact('settles an active entry', 'compact', operator('<', 'true')),
      seldomMet(
        inCompact('settles an entry with deltas behind it', 'compact', operator('===', 'true', [1, 2])),
      ),
    ],
  },
  {
    rule: 'A delta adds to each of its windows, by the buckets that it was made with',
    mutants: [
      inItem(
        'divides a delta by the buckets of today',
        'partsOf',
        call(
          'bucketFinder',
          'bucketFinder(dimensions.find((one) => one.name === $groupOf.1.name)!.buckets)',
          [1, 2],
        ),
        "import { dimensions } from './dimensions';\n",
      ),
      inLayout(
        'has shards share items',
        'itemKey',
        interpolation('`${$1}#${$2}#clicks/shardId-000000000000`'),
      ),
      inItem('counts minutes alone', 'eachWindow', condition('choice', 'true')),
      inFold('forgets what came before in a delta', 'OpenDimension.add', operator('+', '$2')),
      inBody('loses the order of values', 'encodeBody', [
        call('ofAll', '$0.ofAll([...$1].reverse())', [1, 2]),
        call('values', '[...$&].reverse()', [1, 4]),
      ]),
      inAttributes('loses the counts of a large item', 'readItem', without('counts')),
      inDimensions('counts a duplicate as a click as well', 'valueIn', operator('===', '!$1 || $2', [3, 4])),
    ],
  },
  {
    rule: 'What has no room in an item counts as other, in the order of the log',
    mutants: [
      inItem('adds to an item what has room, and forgets the rest', 'count', without('other', [2, 2])),
      inItem('gives room to any value of a dimension', 'take', operator('||', '$2')),
      inItem('gives room to any value of an item', 'take', operator('||', '$1')),
      inItem('takes every value for a new one', 'count', operator('===', 'true', [1, 2])),
      inItem('gives every value a sketch', 'Room.touch', operator('&&', 'false')),
      inItem('forgets whom a sketch has seen', 'Room.touch', condition('choice', 'false', [2, 2])),
      inItem('loses who has no sketch', 'close', condition('if', 'false')),
    ],
  },
  {
    rule: 'A value is cut at a whole character, and what is cut is counted',
    mutants: [
      inItem('forgets values that were cut', 'count', without('cut')),
      inValue('cuts values within a character', 'counterValue', condition('while', 'false')),
      inValue('keeps halves of characters', 'counterValue', call('toWellFormed', '$0')),
    ],
  },
];
