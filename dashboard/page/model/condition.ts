import type { Health } from '../../../query/answers';
import { durationText } from './numbers';

export type Level = 'good' | 'warning' | 'bad' | 'unknown';

export interface Condition {
  readonly level: Level;
  readonly text: string;
}

/** Beyond this, numbers of "now" mislead. */
const longLagMs = 60_000;

/** What is wrong, the worst first; one that is good if nothing is. */
export function conditions(health: Health): readonly Condition[] {
  const { alarms, givenUpBatches = 0, lagMs, countedUntil } = health;
  const ringing = (alarms ?? []).filter(({ state }) => state === 'ALARM');
  const found: Condition[] = [];
  if (ringing.length > 0) {
    const names = ringing.map(({ name }) => name).join(', ');
    found.push({
      level: 'bad',
      text: `${ringing.length === 1 ? 'Alarm' : `${ringing.length} alarms`}: ${names}`,
    });
  }
  if (givenUpBatches > 0) {
    const batches = givenUpBatches === 1 ? '1 batch was' : `${givenUpBatches} batches were`;
    found.push({
      level: 'bad',
      text: `${batches} given up and not counted: npm run recover -- repair --all`,
    });
  }
  if (lagMs?.counting !== undefined && lagMs.counting > longLagMs)
    found.push({ level: 'warning', text: `Counting is ${durationText(lagMs.counting)} behind the stream` });
  if (found.length > 0) return found;
  if (!countedUntil) return [{ level: 'unknown', text: 'Nothing is counted yet' }];
  return [{ level: 'good', text: 'Everything is counted as it comes' }];
}
