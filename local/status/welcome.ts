import { relative } from 'node:path';
import type { LocalPipeline } from '../../cli/local-pipeline';
import type { DataDir } from '../../emulators/data-dir';
import type { LocalOptions } from '../options';

/** Says where everything is, and what to try next. */
export function welcome(
  where: LocalPipeline,
  dir: DataDir,
  { context, dataDir, chaos }: LocalOptions,
  chaosSeed?: string,
): string {
  const { endpoints, stream, table, buckets, deliveryStream } = where;
  const directory = dataDir === '.local' ? '' : ` ${dataDir}`;
  const shown = (path: string): string => relative(process.cwd(), path) || '.';
  return `The pipeline runs on this machine: stage ${context.stage ?? 'dev'}, state in ${shown(dir.path)}

  Kinesis   ${endpoints.kinesis}  stream ${stream}
  DynamoDB  ${endpoints.dynamodb}  table ${table}
  S3        ${endpoints.s3}  archive ${buckets.archive}
${buckets.onFailure === undefined ? '' : `            on-failure ${buckets.onFailure}\n`}  Firehose  ${endpoints.firehose}  delivery stream ${deliveryStream}
  Logs      ${shown(dir.logs)}
${chaos ? `  Chaos     ${chaos.profile}, repeated by --chaos-seed ${chaosSeed}\n` : ''}
In another terminal:
  npm run produce -- --local${directory} --rate 50            more clicks
  npm run report -- --local${directory} --dimension page --top 10  the counters
  source ${shown(dir.environmentFile)}; aws s3 ls --recursive s3://$ARCHIVE_BUCKET
Ctrl-C delivers what is buffered, and ends.

`;
}
