// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code that a mutant has
import { type BrokenRule, mistakesIn, seldomMet } from './mutant';
import {
  call,
  constant,
  element,
  interpolation,
  member,
  moved,
  number,
  operator,
  returned,
  without,
  words,
} from './mutation';

const inAppend = mistakesIn('table/append.ts');
const inTable = mistakesIn('table/log-table.ts');
const inLayout = mistakesIn('domain/counters/table-layout.ts');
const inLines = mistakesIn('domain/event/shard-lines.ts');
const inPosition = mistakesIn('domain/event/position.ts');
const inIds = mistakesIn('domain/duplicates/ids-body.ts');

export const brokenByAppenders: readonly BrokenRule[] = [
  {
    rule: 'A shard has its entry before its first delta, and keeps it active',
    mutants: [
      inAppend(
        'puts the entry only behind the first delta',
        'learn',
        call('ensureEntry', '$1.entry($2, $4)'),
      ),
      inAppend('does not renew an entry', 'ensureEntry', operator('||', '$1')),
      inTable('leaves a renewed entry settled', 'renewEntry', words(' REMOVE #settled', '')),
      inAppend('goes on for ever by what it knows of a shard', 'recall', operator('<=', 'true')),
    ],
  },
  {
    rule: 'The tail is the further of the last delta and of where the log is compacted to',
    mutants: [
      inAppend(
        'takes the last delta for the tail, though it is compacted further',
        'tailOf',
        call('furtherOf', '$2'),
      ),
      inAppend('takes an empty log for a new one', 'tailOf', returned('logBegin', [2, 2])),
      inAppend('goes on behind its last delta but one', 'appendBehind', member('last', '$0.first')),
      inAppend('learns no tail from a refusal', 'relearn', call('furtherOf', '$1')),
    ],
  },
  {
    rule: 'What stands at or before the tail is left out',
    mutants: [
      inAppend('appends again what stands before the tail', 'appendBehind', call('linesOf', 'linesOf($1)')),
    ],
  },
  {
    rule: 'A delta is put behind its predecessor, if nothing stands there',
    mutants: [
      inTable('puts a delta over another', 'putDelta', constant('ifAbsent', '{}')),
      inTable('keys a delta by its own place', 'deltaAttributes', member('predecessor', '$0.last')),
    ],
  },
  {
    rule: 'A batch is done when its last delta stands',
    mutants: [
      inAppend('is done though an append was refused', 'append', operator('!', 'true')),
      inAppend('is done though an answer was lost', 'append', call('unfinished', '$0.result()')),
      inAppend('reports the last record that is unfinished', 'unfinished', element('$0.at(-1)')),
    ],
  },
  {
    rule: 'A delta lives for as long as the stream keeps records, and days more',
    mutants: [inAppend('lets deltas expire within hours', 'putDeltaWithIds', number(86_400, '3_600'))],
  },
  {
    rule: 'Ids are put before their delta, under a key that no other delta has',
    mutants: [
      inAppend('keeps no ids', 'putDeltaWithIds', operator('&&', 'false')),
      inAppend('puts the ids only behind the delta', 'putDeltaWithIds', moved('putIds', 'putDelta')),
      seldomMet(inLayout('has all ids up to one place share an item', 'idsKey', interpolation('$1', [2, 2]))),
    ],
  },
  {
    rule: 'An event is a duplicate if its id was counted within a horizon before it',
    mutants: [
      inAppend('learns no ids from a refusal', 'relearn', without('addStored')),
      inAppend('learns the ids of the last delta alone', 'learnIds', call('push', '$0[0] ??= $1')),
      inAppend('reads ids back to the batch, and no further', 'learnIds', operator('-', '$1')),
      seldomMet(inAppend('thinks that it knows enough of any batch', 'isEnoughFor', operator('>=', 'true'))),
      inAppend('forgets what it has appended', 'appendBehind', without('addEvents')),
      inAppend('does not look within a batch', 'decide', operator('||', '$1')),
      inAppend('does not look before a batch', 'decide', operator('||', '$2')),
      inAppend('forgets an id too early', 'decide', operator('<=', '$1 < $2')),
      inIds('files all ids under the first slice', 'seenIds', operator('!==', 'Number.isNaN($2)')),
    ],
  },
  {
    rule: 'Places of a shard are in the order of its events, and none is that of two',
    mutants: [
      inPosition('compares sequence numbers of any length as text', 'positionOf', element("'999'")),
      inPosition('sorts the inner records of an aggregate among lines', 'indexText', words('~', '')),
      inPosition('gives all events of a record one place', 'positionOf', call('indexText', "'0000000'")),
      inLines('passes a record of which the first events are counted', 'linesOf', call('isPartOf', 'false')),
      inLines(
        'gives the inner records of an aggregate the same places',
        'deliveredRecords',
        call('eventIndex', 'eventIndex(0, $2)'),
      ),
    ],
  },
];
