import { type BrokenRule, mistakesIn, seldomMet } from './mutant';
import { call, operator, without, words } from './mutation';

const inLog = mistakesIn('recover/shard-log.ts');
const inRepair = mistakesIn('recover/repair/repair-batch.ts');
const inIds = mistakesIn('recover/repair/nearby-ids.ts');
const inNext = mistakesIn('recover/repair/next-in-shard.ts');
const inRebuild = mistakesIn('recover/rebuild/rebuild.ts');
const inTruth = mistakesIn('recover/range/truth.ts');
const inInspect = mistakesIn('recover/range/inspect.ts');
const inPlace = mistakesIn('domain/counters/log-place.ts');

export const brokenByCommands: readonly BrokenRule[] = [
  {
    rule: 'An event is counted if a delta of any kind covers it',
    mutants: [
      inLog('takes for counted what lies between two spans', 'isCovered', operator('&&', '$1 || $2')),
      inLog(
        'leaves out what a repair has counted',
        'ShardLog',
        call('flatMap', "$0.filter((one) => one.kind === 'live').flatMap($1)"),
      ),
      inRepair('repairs what is counted', 'repairBatch', call('isCovered', 'false')),
      seldomMet(inRepair('covers from the first to the last of a gap', 'spansOf', call('has', 'true'))),
    ],
  },
  {
    rule: 'The log tells of an event if it is unbroken, for long enough, back to where no copy can stand',
    mutants: [
      inLog('reaches over a gap in the log', 'reach', operator('||', 'false', [1, 2])),
      seldomMet(inLog('trusts what is about to expire', 'reach', operator('<=', '$1 <= 0', [1, 2]))),
      seldomMet(inLog('asks for no horizon before an event', 'reach', operator('||', 'true', [2, 2]))),
      seldomMet(inLog('reaches what is before the log', 'reach', operator('<=', 'false', [2, 2]))),
      inRepair('repairs what the log does not tell of', 'repairBatch', call('reach', '(() => true)')),
      inRepair('says that it has counted what it left', 'ended', words('left', 'counted')),
    ],
  },
  {
    rule: 'Behind the tail, a repair appends as the aggregator would, once that comes no more',
    mutants: [
      inRepair('repairs what lies behind the tail as a gap', 'repairBatch', operator('>', 'false', [2, 4])),
      inRepair(
        'appends though the aggregator has not come so far',
        'repairBatch',
        call('whyNotNext', 'undefined'),
      ),
      inNext('takes no event for one that is still to come', 'whyNotNext', call('has', 'true')),
    ],
  },
  {
    rule: 'A repair stands at the tail that it was decided by, at a place of its own',
    mutants: [
      inRepair(
        'puts a decided repair behind what others have put',
        'repairBatch',
        call(
          'putDeltaWithIds',
          `(async (delta) => {
            while (!(await putDeltaWithIds($1, delta, $3, $4)))
              for await (const { last } of $entry.0.deltas($1, delta.predecessor))
                delta = { ...delta, predecessor: last, last: correctionAfter(last) };
            return true;
          })($2)`,
        ),
      ),
      inPlace('gives all repairs behind an event one place', 'correctionAfter', operator('+', '$1')),
    ],
  },
  {
    rule: 'Of an event that is repaired, copies before it, behind it and beside it count once',
    mutants: [
      inRepair(
        'keeps no ids of what it repairs',
        'repairBatch',
        call('putDeltaWithIds', 'putDeltaWithIds($1, $2, [], $4)'),
      ),
      inRepair('decides about no duplicates', 'repairBatch', call('decide', '($0 && (() => false))')),
      inIds('does not look behind the batch', 'learn', call('push', '$1 * this.slice <= $nearIn.2 && $&')),
      inIds('does not look before the batch', 'learn', call('push', '$1 * this.slice > $nearIn.3 && $&')),
      inIds('does not look within the batch', 'decide', operator('||', '$1')),
    ],
  },
  {
    rule: 'A rebuild counts what the log covers, and what it does not tell of',
    mutants: [
      seldomMet(
        inTruth('counts what was given up and may be repaired', 'countedIn', operator('&&', 'false', [1, 3])),
      ),
      inTruth('counts only what the log tells of', 'countedIn', operator('&&', '$1', [1, 3])),
      seldomMet(inTruth('forgets copies in other hours', 'countedIn', without('isDuplicate'))),
      seldomMet(inInspect('compares with what came in since', 'inspectPart', operator('<=', 'true'))),
    ],
  },
  {
    rule: 'A correction is put once, and worked out anew if another one came first',
    mutants: [
      inRebuild('corrects once more what another has corrected', 'putCorrections', operator('!==', 'false')),
      seldomMet(
        inRebuild(
          'takes a correction that was refused for put',
          'putCorrections',
          call('putDeltaWithIds', '$&.then(() => true)'),
        ),
      ),
    ],
  },
];
