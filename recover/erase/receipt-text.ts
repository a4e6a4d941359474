import { counted } from '../../cli/counted';
import { page } from '../../cli/terminal-text';
import type { Receipt } from './erase';

/** A receipt for people. */
export function receiptText({ read, objects, lines, left, inStreamUntil }: Receipt, dryRun: boolean): string {
  const verb = dryRun ? 'would be erased' : 'erased';
  const text = [
    `${counted(lines, 'line')} ${verb}, in ${counted(objects.length, 'object')} of ${counted(read, 'object')} read`,
    ...left.map(({ key, why }) => `left: ${key}: ${why}`),
  ];
  if (lines === 0 && left.length === 0) {
    text.push('nothing is stored under this id; an id that was made of a daily salt cannot be found again');
  }
  text.push(
    'not erased, and gone by itself:',
    `  records in the stream, until ${inStreamUntil}: run this again then, as what they hold may be archived until then`,
    '  older versions of objects, for 30 days in prod; colder classes of storage charge for the days that they are cut short',
    '  backups of the table hold counts and hashes, and no event',
    'not erased, as it is not here: ledgers and logs of producers, and what queries have fetched or saved:',
    '  npm run query brings its copy up to date; the copies of others are in ~/.cache/clickstream-pipeline',
  );
  return page(text);
}
