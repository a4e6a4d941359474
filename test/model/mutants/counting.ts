// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of the product's source
import { conditionalWriteMutants } from './conditional-write';
import { type Mutant, mutantsOf } from './mutant';

const inExpression = mutantsOf('lambda/aggregator/update-expression.ts');
const inTable = mutantsOf('lambda/aggregator/counters-table.ts');
const inAggregate = mutantsOf('lambda/aggregator/aggregate.ts');
const inWrite = mutantsOf('domain/counter-write.ts');
const inItem = mutantsOf('domain/counter-item.ts');
const inFold = mutantsOf('domain/fold.ts');
const inRun = mutantsOf('domain/item-run.ts');
const inDimension = mutantsOf('domain/open-dimension.ts');
const inPosition = mutantsOf('domain/position.ts');
const inValue = mutantsOf('domain/counter-value.ts');

/** Mistakes in the condition, and in all that the condition rests on. */
export const countingMutants: readonly Mutant[] = [
  inAggregate(
    'knows as counted what it only sent',
    '      const result = await table.write(',
    '      known?.set(run.key, write.last);\n      const result = await table.write(',
  ),
  inExpression('writes without a condition', "conditions.join(' AND ')", "''"),
  inExpression('takes an item that stands at its first event', 'OR ${position} <', 'OR ${position} <='),
  inExpression(
    'takes an item that stands below its last event',
    "(':first', { S: write.first })",
    "(':first', { S: write.last })",
  ),
  inExpression(
    'takes an item only if it is new and old',
    'attribute_not_exists(${position}) OR',
    'attribute_not_exists(${position}) AND',
  ),
  inExpression(
    'compares nothing but the size',
    "`(attribute_not_exists(${position}) OR ${position} < ${value(':first', { S: write.first })})`,",
    '',
  ),
  inExpression(
    'keeps its first event as what it has counted',
    "(':last', { S: write.last })",
    "(':last', { S: write.first })",
  ),
  inExpression(
    'makes a write that rests on a read though the item has moved on',
    "`${position} = ${value(':held', { S: write.size.heldPosition })}`,",
    '',
  ),
  inExpression(
    'does not look at the size of the item',
    '`(attribute_not_exists(${bound}) OR ${bound} <= ${room})`,',
    '',
  ),
  inExpression('leaves no room for itself', 'maxCounterBytes - write.size.bytes', 'maxCounterBytes'),
  inExpression(
    'forgets the size of what it wrote',
    'adds.push(`${bound} ${number(write.size.bytes)}`)',
    'adds.push(`${bound} ${number(0)}`)',
  ),
  inExpression('counts a value once a write', '${number(count)}', '${number(1)}'),
  inExpression('leaves out what had no room', 'write.other > 0', 'write.other < 0'),

  ...conditionalWriteMutants,
  inTable('forgets the values that the item holds', 'new Set(values.filter', 'new Set([].filter'),
  inTable('keeps all items as long', 'retentionDays[window]', 'retentionDays.hour'),

  inAggregate(
    'writes an item once and not to its end',
    '[] : (rest ?? run.entries).slice(write.entries);',
    '[] : [];',
  ),
  inAggregate('leaves out the event behind each write', '.slice(write.entries)', '.slice(write.entries + 1)'),
  inAggregate(
    'takes a refused item for counted',
    'rest = held ? notYetCounted(asked, held.position) : asked;',
    'rest = [];',
  ),
  inAggregate(
    'takes all of a refused write for counted',
    'known?.set(run.key, held.position)',
    'known?.set(run.key, total.last)',
  ),
  inAggregate(
    'says nothing of an item that failed',
    'tally.unfinished((rest ?? run.entries)[0]!, error);',
    '',
  ),
  inAggregate(
    'reports the last event of an item that failed',
    '(rest ?? run.entries)[0]!',
    '(rest ?? run.entries).at(-1)!',
  ),
  inAggregate(
    'reports the highest of the records that failed',
    'first.position < this.lowest.position',
    'first.position > this.lowest.position',
  ),

  inWrite(
    'counts again the event at which the item stands',
    'entry.position > position',
    'entry.position >= position',
  ),
  inWrite(
    'leaves out the next event after what the item holds',
    'entries.slice(next)',
    'entries.slice(next + 1)',
  ),
  inWrite('splits by value', '!counts.has(value)) break;', '!counts.has(value)) continue;'),
  inWrite(
    'decides on room without what the item holds',
    'heldBytes + newBytes + bytes > max',
    'newBytes + bytes > max',
  ),
  inWrite(
    'takes every value for a new one',
    '!counts.has(value) && !held?.values.has(value)',
    '!counts.has(value)',
  ),
  inWrite('counts one event of a group that has no room', 'other += count;', 'other += 1;'),
  inWrite('counts one cut event of a group', 'cut += cutEvents;', 'cut += Math.min(cutEvents, 1);'),

  inPosition('compares sequence numbers of any length as text', 'return `${length}:', 'return `'),
  inPosition('gives all events of a record one place', ':${indexText(index)}`', '`'),
  inPosition('sorts the inner records of an aggregate among lines', 'return `~${', 'return `${'),
  inPosition('compares the lines of a record as text', 'const lineDigits = 7;', 'const lineDigits = 1;'),

  inItem('has shards share items', '${formatWindow(start)}#${shard}`', '${formatWindow(start)}#`'),
  inItem('names counters like its own attributes', "const countPrefix = 'n:';", "const countPrefix = '';"),

  inRun('groups the events of several records', 'if (tally.record === record) {', 'if (tally.record >= 0) {'),
  inRun('counts as if it had written its first entry alone', 'last: last.position', 'last: first.position'),
  inWrite(
    'forgets the size of a run that it writes at once',
    'bytes: sum(total.counts.keys(), counterBytes)',
    'bytes: 0',
  ),
  inFold(
    'gives the inner records of an aggregate the same places',
    'eventIndex(subsequence, line)',
    'eventIndex(0, line)',
  ),
  inDimension(
    'has windows share a run',
    'if (value.starts[size] !== start)',
    'if (value.starts[size] === undefined)',
  ),
  inDimension('has buckets share an item', 'dimension.name, bucket,', 'dimension.name, 0,'),

  inValue('cuts values within a character', 'while ((bytes[end]! & 0xc0) === 0x80) end--;', ''),
  inValue('keeps halves of characters', 'raw.toWellFormed()', 'raw'),
];
