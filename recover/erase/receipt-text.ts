import { counted } from '../../cli/counted';
import { page } from '../../cli/terminal-text';
import type { EraseRequest, Receipt } from './erase';

/**
 * A receipt for people.
 *
 * @param visitorId is looked at, and not printed
 */
export function receiptText(
  { read, objects, lines, parquet, left, inStreamUntil }: Receipt,
  { dryRun, visitorId }: EraseRequest,
): string {
  const verb = dryRun ? 'would be erased' : 'erased';
  const text = [
    `${counted(lines, 'line')} ${verb}, in ${counted(objects.length, 'object')} of ${counted(read, 'object')} read`,
    ...(parquet
      ? [
          `of the Parquet copy ${counted(parquet.lines, 'row')}, in ${counted(parquet.objects.length, 'object')} of ${parquet.read}`,
        ]
      : []),
    ...left.map(({ key, why }) => `left: ${key}: ${why}`),
  ];
  if (lines === 0 && left.length === 0) {
    text.push(
      visitorId === visitorId.trim()
        ? 'nothing is stored under this id; an id that was made of a daily salt cannot be found again'
        : 'nothing is stored under this id, which begins or ends with a blank or a line break: was it copied with one?',
    );
  }
  text.push(
    'not erased, as it goes by itself:',
    `  records in the stream, until ${inStreamUntil}. Run this once more after that: what the stream has now may still be archived`,
    '  older versions of objects, for 30 days in prod; colder classes of storage charge for the days that they are cut short',
    '  backups of the table: they hold counts and hashes, and no event',
    'not erased, as it is elsewhere:',
    '  ledgers, failed events and logs of producers; files that --csv, --json and --parquet wrote; what others have downloaded',
    '  copies of npm run query (.local/queries, ~/.cache/clickstream-pipeline): the next query rewrites one, deleting it does, too',
  );
  return page(text);
}
