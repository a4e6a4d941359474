// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of the product's source
import { type Mutant, mistakesIn, seldomMet } from './mutant';

const inAppend = mistakesIn('table/append.ts');
const inTable = mistakesIn('table/log-table.ts');
const inLayout = mistakesIn('domain/counters/table-layout.ts');
const inLines = mistakesIn('domain/event/shard-lines.ts');
const inPosition = mistakesIn('domain/event/position.ts');
const inIds = mistakesIn('domain/duplicates/ids-body.ts');

/** Mistakes in the entry of a shard and its renewal. */
const entries: readonly Mutant[] = [
  inAppend(
    'puts the entry only behind the first delta',
    'learn',
    'await ensureEntry(table, shardKey, since, signal)',
    'await table.entry(shardKey, signal)',
  ),
  inAppend(
    'does not renew an entry',
    'ensureEntry',
    '!entry || entry.activeUntil < now + logMargins.renewalMs',
    '!entry',
  ),
  inTable('leaves a renewed entry settled', 'renewEntry', ' REMOVE #settled', ''),
  inAppend(
    'goes on for ever by what it knows of a shard',
    'recall',
    'now() - shard.since <= logMargins.knownMs',
    'true',
  ),
];

/** Mistakes in where a log ends, and in what is behind it. */
const tails: readonly Mutant[] = [
  inAppend(
    'takes the last delta for the tail, though it is compacted further',
    'tailOf',
    'furtherOf(compactedTo, last)',
    'last',
  ),
  inAppend('takes an empty log for a new one', 'tailOf', 'return compactedTo;', 'return logBegin;'),
  inAppend(
    'appends again what stands before the tail',
    'appendBehind',
    'linesOf(records, shard.tail)',
    'linesOf(records)',
  ),
  inAppend(
    'goes on behind its last delta but one',
    'appendBehind',
    'shard.tail = folded.last;',
    'shard.tail = folded.first;',
  ),
  inAppend(
    'learns no tail from a refusal',
    'relearn',
    'furtherOf(shard.tail, deltas.at(-1)?.last ?? shard.tail)',
    'shard.tail',
  ),
];

/** Mistakes in the key and the condition of a delta, and in when a batch is done. */
const puts: readonly Mutant[] = [
  inTable('puts a delta over another', 'putDelta', ', ...ifAbsent', ''),
  inTable('keys a delta by its own place', 'deltaAttributes', 'sk: delta.predecessor', 'sk: delta.last'),
  inAppend('is done though an append was refused', 'append', 'if (!isRefused) return', 'return'),
  inAppend(
    'is done though an answer was lost',
    'append',
    'return tally.unfinished(nameOf(error), shard?.tail);',
    'return tally.result();',
  ),
  inAppend('reports the last record that is unfinished', 'unfinished', 'rest[0]?.', 'rest.at(-1)?.'),
  inAppend('lets deltas expire within hours', 'putDeltaWithIds', 'logDays * 86_400', 'logDays * 3_600'),
];

/** Mistakes in what is known of ids. */
const ids: readonly Mutant[] = [
  inAppend('keeps no ids', 'putDeltaWithIds', 'events.length > 0', 'events.length < 0'),
  inAppend(
    'puts the ids only behind the delta',
    'putDeltaWithIds',
    'await table.putIds(shardKey, { ...ids, last: delta.last, token: idsToken, expiresAt }, signal);',
    `const put = await table.putDelta(shardKey, { ...delta, idsToken, expiresAt }, signal);
    if (put) await table.putIds(shardKey, { ...ids, last: delta.last, token: idsToken, expiresAt }, signal);
    return put;`,
  ),
  seldomMet(inLayout('has all ids up to one place share an item', 'idsKey', '${last}#${token}', '${last}')),
  inAppend('learns no ids from a refusal', 'relearn', 'shard.ids?.addStored(seen);', ''),
  inAppend(
    'learns the ids of the last delta alone',
    'learnIds',
    'recent.push({ last, idsToken });',
    'recent[0] ??= { last, idsToken };',
  ),
  inAppend(
    'reads ids back to the batch, and no further',
    'learnIds',
    'arrivedAt < from',
    'arrivedAt < firstArrival',
  ),
  seldomMet(
    inAppend(
      'thinks that it knows enough of any batch',
      'isEnoughFor',
      'firstArrival - slicesKnown * this.slice >= this.from',
      'firstArrival > 0',
    ),
  ),
  inAppend('forgets what it has appended', 'appendBehind', 'shard.ids?.addEvents(folded.events);', ''),
  inAppend(
    'does not look within a batch',
    'decide',
    'isNear(this.index) || isNear(own)',
    'isNear(this.index)',
  ),
  inAppend('does not look before a batch', 'decide', 'isNear(this.index) || isNear(own)', 'isNear(own)'),
  inAppend('forgets an id too early', 'decide', '<= slicesPerHorizon', '< slicesPerHorizon'),
  inIds('reads one slice of ids', 'seenIds', 'next !== slice', 'bySlice.size === 0'),
];

/** Mistakes in the places of events. */
const places: readonly Mutant[] = [
  inPosition('compares sequence numbers of any length as text', 'positionOf', '${length}:', '999:'),
  inPosition('sorts the inner records of an aggregate among lines', 'indexText', '`~${', '`${'),
  inPosition('gives all events of a record one place', 'positionOf', '${indexText(index)}', '0000000'),
  inLines(
    'passes a record of which the first events are counted',
    'linesOf',
    '!isPartOf(sequenceNumber, after)',
    'true',
  ),
  inLines(
    'gives the inner records of an aggregate the same places',
    'deliveredRecords',
    'eventIndex(subsequence, line)',
    'eventIndex(0, line)',
  ),
];

export const appendMutants: readonly Mutant[] = [...entries, ...tails, ...puts, ...ids, ...places];
