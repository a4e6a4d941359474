import { type Mutant, mistakesIn, seldomMet } from './mutant';

const inLog = mistakesIn('recover/shard-log.ts');
const inRepair = mistakesIn('recover/repair/repair-batch.ts');
const inIds = mistakesIn('recover/repair/nearby-ids.ts');
const inNext = mistakesIn('recover/repair/next-in-shard.ts');
const inRebuild = mistakesIn('recover/rebuild/rebuild.ts');
const inTruth = mistakesIn('recover/range/truth.ts');
const inInspect = mistakesIn('recover/range/inspect.ts');
const inPlace = mistakesIn('domain/counters/log-place.ts');

/** Mistakes in what is covered, and in how far back a log tells of events. */
const covered: readonly Mutant[] = [
  inLog(
    'takes for counted what lies between two spans',
    'isCovered',
    'next > 0 && position <=',
    'next > 0 || position <=',
  ),
  inLog(
    'leaves out what a repair has counted',
    'ShardLog',
    'deltas.flatMap(({ covers }) => covers)',
    "deltas.filter(({ kind }) => kind === 'live').flatMap(({ covers }) => covers)",
  ),
  inLog('reaches over a gap in the log', 'reach', 'last !== base || expiresAt * 1000 <= until', 'false'),
  seldomMet(
    inLog('trusts what is about to expire', 'reach', 'expiresAt * 1000 <= until', 'expiresAt * 1000 <= 0'),
  ),
  seldomMet(
    inLog('asks for no horizon before an event', 'reach', 'base === logBegin || copiesMs === 0', 'true'),
  ),
  seldomMet(inLog('reaches what is before the log', 'reach', 'if (position <= base) return false;', '')),
];

const repairs: readonly Mutant[] = [
  inRepair('repairs what is counted', 'repairBatch', '!log.isCovered(line)', 'line'),
  inRepair('repairs what the log does not tell of', 'repairBatch', 'missing.filter(isReached)', 'missing'),
  inRepair(
    'repairs what lies behind the tail as a gap',
    'repairBatch',
    'position > log.tail',
    'position < log.tail && position > log.tail',
  ),
  inRepair(
    'appends though the aggregator has not come so far',
    'repairBatch',
    "return { kind: 'too early', reason, ...done };",
    '',
  ),
  inRepair(
    'puts a decided repair behind what others have put',
    'repairBatch',
    'if (!(await putDeltaWithIds(shardKey, delta, events, { ...ports, ...settings }))) break;',
    `while (!(await putDeltaWithIds(shardKey, { ...delta, predecessor, last: correctionAfter(predecessor) }, events, { ...ports, ...settings })))
        for await (const other of table.deltas(shardKey, predecessor)) predecessor = other.last;`,
  ),
  inRepair(
    'says that it has counted what it left',
    'ended',
    "{ kind: 'left', reason }",
    "{ kind: 'counted' }",
  ),
  seldomMet(
    inRepair(
      'covers from the first to the last of a gap',
      'spansOf',
      '!gap.has(line) || position',
      'position',
    ),
  ),
  inRepair('keeps no ids of what it repairs', 'repairBatch', 'delta, events, {', 'delta, [], {'),
  inRepair(
    'decides about no duplicates',
    'repairBatch',
    'isDuplicate: ids?.decide()',
    'isDuplicate: ids && (() => false)',
  ),
  inIds(
    'does not look behind the batch',
    'learn',
    'this.slicesOf.get(idOf(hash))?.push(at)',
    'at * this.slice <= this.earliest && this.slicesOf.get(idOf(hash))?.push(at)',
  ),
  inIds(
    'does not look before the batch',
    'learn',
    'this.slicesOf.get(idOf(hash))?.push(at)',
    'at * this.slice > this.latest && this.slicesOf.get(idOf(hash))?.push(at)',
  ),
  inIds('does not look within the batch', 'decide', ' || ofOwn.some(isNear)', ''),
  inNext(
    'takes no event for one that is still to come',
    'whyNotNext',
    '!givenUp.has(sequenceNumber)',
    'false',
  ),
  inPlace(
    'gives all repairs behind an event one place',
    'correctionAfter',
    'Number(digits) + 1',
    'Number(digits)',
  ),
];

const rebuilds: readonly Mutant[] = [
  seldomMet(
    inTruth(
      'counts what was given up and may be repaired',
      'countedIn',
      '!this.log.isCovered(line) && this.isReached(line)',
      'false',
    ),
  ),
  inTruth(
    'counts only what the log tells of',
    'countedIn',
    '!this.log.isCovered(line) && this.isReached(line)',
    '!this.log.isCovered(line)',
  ),
  seldomMet(
    inTruth(
      'forgets copies in other hours',
      'countedIn',
      "else if (reading.ok) this.isDuplicate?.({ hash: reading.hash('eventId')!, arrivedAt });",
      '',
    ),
  ),
  seldomMet(inInspect('compares with what came in since', 'inspectPart', 'last <= tail', 'true')),
  inRebuild(
    'corrects once more what another has corrected',
    'putCorrections',
    "if (kind !== 'live') return undefined;",
    '',
  ),
  seldomMet(
    inRebuild(
      'takes a correction that was refused for put',
      'putCorrections',
      'if (await putDeltaWithIds(shardKey, delta, [], { ...ports, ...settings })) {',
      'await putDeltaWithIds(shardKey, delta, [], { ...ports, ...settings });\n      {',
    ),
  ),
];

export const recoveryMutants: readonly Mutant[] = [...covered, ...repairs, ...rebuilds];
