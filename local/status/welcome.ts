import { relative } from 'node:path';
import type { LocalPipeline } from '../../cli/local-pipeline';
import type { DataDir } from '../../emulators/data-dir';
import { demoPath } from '../function-url/demo-site';
import type { LocalOptions } from '../options';

/** Says where everything is, and what to try next. */
export function welcome(
  where: LocalPipeline,
  dir: DataDir,
  { context, dataDir, chaos }: LocalOptions,
  chaosSeed?: string,
): string {
  const { endpoints, stream, logStream, table, buckets, deliveryStream } = where;
  const directory = dataDir === '.local' ? '' : ` ${dataDir}`;
  const services = [
    ['Dashboard', endpoints.dashboard],
    ['Kinesis', endpoints.kinesis, `stream ${stream}`],
    ...(logStream === undefined ? [] : [['', '', `stream of log lines ${logStream}`]]),
    ['DynamoDB', endpoints.dynamodb, `table ${table}`],
    ['S3', endpoints.s3, `archive ${buckets.archive}`],
    ...(buckets.onFailure === undefined ? [] : [['', '', `on-failure ${buckets.onFailure}`]]),
    ['Firehose', endpoints.firehose, `delivery stream ${deliveryStream}`],
    ...(endpoints.collector === undefined
      ? []
      : [
          ['Collector', endpoints.collector],
          ['', '', `demo site ${endpoints.collector}${demoPath}`],
        ]),
    ...(endpoints.eventBridge === undefined ? [] : [['Events', endpoints.eventBridge]]),
    ['Logs', shown(dir.logs)],
    ...(chaos ? [['Chaos', `${chaos.profile}, repeated by --chaos-seed ${chaosSeed}`]] : []),
  ];
  const hints = [
    [`npm run produce -- --local${directory} --rate 50`, 'more clicks'],
    [`npm run report -- --local${directory}`, 'the counters'],
    [`npm run alarms -- --local${directory}`, 'what is wrong'],
  ];
  const widest = Math.max(...hints.map(([command]) => command!.length));
  return `The pipeline runs on this machine: stage ${context.stage ?? 'dev'}, state in ${shown(dir.path)}

${services.flatMap(serviceLines).join('\n')}

In another terminal:
${hints.map(([command, what]) => `  ${command!.padEnd(widest)}  ${what}`).join('\n')}
  source ${shown(dir.environmentFile)}
  aws s3 ls --recursive s3://$ARCHIVE_BUCKET
Ctrl-C delivers what is buffered, and ends.

`;
}

/** A service, and below it what is there: a name beside the address would not fit into 80 columns. */
function serviceLines([service = '', address = '', name]: readonly string[]): string[] {
  const head = `  ${service.padEnd(10)}${address}`;
  const below = name === undefined ? [] : [`            ${name}`];
  return service === '' ? below : [head, ...below];
}

/** A path from here, unless that leads out of here. */
function shown(path: string): string {
  const fromHere = relative(process.cwd(), path) || '.';
  return fromHere.startsWith('..') ? path : fromHere;
}
