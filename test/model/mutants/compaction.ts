// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of the product's source
import { type Mutant, mistakesIn, seldomMet } from './mutant';

const inCompact = mistakesIn('table/compact.ts');
const inTable = mistakesIn('table/log-table.ts');
const inItem = mistakesIn('domain/counters/item.ts');
const inFold = mistakesIn('domain/counters/fold.ts');
const inLayout = mistakesIn('domain/counters/table-layout.ts');
const inBody = mistakesIn('domain/counters/delta-body.ts');
const inAttributes = mistakesIn('table/item-attributes.ts');
const inDimensions = mistakesIn('domain/counters/dimensions.ts');
const inValue = mistakesIn('domain/counters/counter-value.ts');

/** Mistakes in how items are brought to a place, and in what the entry says of it. */
const items: readonly Mutant[] = [
  inTable('puts an item over what another has put', 'ifSeqIs', "'#seq = :seq'", "'attribute_exists(#seq)'"),
  inTable('puts an item that was not there over one that is', 'putItem', '? ifAbsent :', '? {} :'),
  inCompact('puts an item back', 'bringTo', 'stored.item.seq >= end', 'stored.item.seq > end && end < end'),
  inCompact(
    'gives up on an item that another has put',
    'bringTo',
    '[stored] = await table.items([key], signal);',
    'return refused;',
  ),
  inItem(
    'merges what is in an item already',
    'mergedItem',
    'stored !== undefined && last <= stored.seq',
    'false',
  ),
  inItem(
    'keeps what an item had when it expired',
    'mergedItem',
    'isLive ? stored.content : emptyContent()',
    'stored?.content ?? emptyContent()',
  ),
  inItem(
    'lets an item expire with the first of what it has',
    'mergedItem',
    'Math.max(expiresAt, expiryOf',
    'Math.max(0, expiryOf',
  ),
  inCompact(
    'says that a log is compacted before the items are put',
    'compact',
    'const { retried } = await writePiece(',
    `const to = { place: piece.deltas.at(-1)!.last, countedUntil: at.countedUntil ?? 0, at: now() };
          await table.moveCompacted(shardKey, to, signal);
          const { retried } = await writePiece(`,
  ),
  inCompact(
    'gives items the place of the tail',
    'compact',
    'writePiece(shardKey, piece, signal)',
    'writePiece(shardKey, { items: piece.items, deltas: pending.deltas }, signal)',
  ),
  inCompact(
    'says that the whole log is compacted behind a piece of it',
    'compact',
    'const place = piece.deltas.at(-1)!.last',
    'const place = pending.deltas.at(-1)!.last',
  ),
  inCompact(
    'goes on behind a piece as if more had been taken',
    'compact',
    'pending.deltas.slice(piece.deltas.length)',
    'pending.deltas.slice(piece.deltas.length + 1)',
  ),
  inCompact('takes no delta that is too large', 'takePiece', 'taken > 0 && ', ''),
  inCompact(
    'forgets the latest arrival of the pieces before',
    'compact',
    'at.countedUntil ?? 0',
    'entry.countedUntil ?? 0',
  ),
  inCompact(
    'goes on with deltas of another place',
    'knownOf',
    'predecessor === compactedTo',
    'predecessor > compactedTo',
  ),
];

const settling: readonly Mutant[] = [
  seldomMet(
    inTable(
      'settles an entry that was renewed meanwhile',
      'settleEntry',
      "ConditionExpression: '#until = :until',",
      '',
    ),
  ),
  inCompact('settles an active entry', 'compact', 'entry.activeUntil < now()', 'true'),
  seldomMet(
    inCompact(
      'settles an entry with deltas behind it',
      'compact',
      'pending.deltas.length === 0 && entry.activeUntil',
      'entry.activeUntil',
    ),
  ),
];

/** Mistakes in what a delta adds to which item. */
const content: readonly Mutant[] = [
  inItem(
    'divides a delta by the buckets of today',
    'partsOf',
    'bucketFinder(delta.buckets)',
    'bucketFinder(dimensions.find((one) => one.name === name)!.buckets)',
    "import { dimensions } from './dimensions';\n",
  ),
  inLayout('has shards share items', 'itemKey', '#${shardKey}', '#clicks/shardId-000000000000'),
  inItem('counts minutes alone', 'eachWindow', 'sizes.slice(sizes.indexOf(size))', '[size]'),
  inItem('adds to an item what has room, and forgets the rest', 'count', 'counts.other += count;', ''),
  inItem('gives room to any value of a dimension', 'take', 'ofDimension > itemLimits.counterBytes', 'false'),
  inItem('gives room to any value of an item', 'take', 'ofAll > itemLimits.allCounterBytes', 'false'),
  inItem('takes every value for a new one', 'count', 'known === undefined', 'counts.values.size >= 0'),
  inItem('forgets values that were cut', 'count', 'counts.cut += cut;', ''),
  inItem('gives every value a sketch', 'touch', '!bytes && sketches.size >= itemLimits.sketches', 'false'),
  inItem('forgets whom a sketch has seen', 'touch', 'bytes ? decodeSketch(bytes) :', ''),
  inItem(
    'loses who has no sketch',
    'close',
    'if (this.other) this.content.otherSketch',
    'if (false) this.content.otherSketch',
  ),
  inFold('forgets what came before in a delta', 'add', 'known + 1);', '1);'),
  inBody(
    'loses the order of values',
    'encodeBody',
    '[numbers.ofAll(values.keys()), [...values.values()]] as const',
    '[numbers.ofAll([...values.keys()].reverse()), [...values.values()].reverse()] as const',
  ),
  inAttributes(
    'loses the counts of a large item',
    'readItem',
    'if (packed) content.counts = unpack(packed);',
    '',
  ),
  inDimensions(
    'counts a duplicate as a click as well',
    'valueIn',
    "(dimension.of === 'duplicate') === isDuplicate",
    "dimension.of !== 'duplicate' || isDuplicate",
  ),
  inValue(
    'cuts values within a character',
    'counterValue',
    'while ((bytes[end]! & 0xc0) === 0x80) end--;',
    '',
  ),
  inValue('keeps halves of characters', 'counterValue', 'raw.toWellFormed()', 'raw'),
];

export const compactionMutants: readonly Mutant[] = [...items, ...settling, ...content];
