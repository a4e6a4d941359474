import { counted } from '../cli/counted';
import { explained } from '../cli/explain-aws-error';
import { keepFilesPrivate } from '../cli/private-files';
import { quietSdk } from '../cli/quiet-sdk';
import { SetupError } from '../cli/setup-error';
import { printableJson } from '../cli/terminal-text';
import { dynamoLogTable } from '../table/log-table';
import type { ViewPorts } from '../table/view';
import { readAggregates, topValues } from './aggregates-reader';
import { help, parseReportCommand, type ReportCommand } from './command-line';
import { connectTable } from './connection';
import { csvText } from './csv';
import { readOverview } from './overview';
import { overviewText } from './overview-text';
import { tableText } from './table-text';
import { readUniques, topUniques } from './uniques-reader';
import { readZonedAggregates, topZonedValues } from './zoned-aggregates';

const exitCodes = { failed: 1, setup: 2 } as const;
const widthOfPipe = 120;

async function main(): Promise<void> {
  quietSdk();
  keepFilesPrivate();
  const command = parseReportCommand(process.argv.slice(2));
  process.stdout.write(command.kind === 'help' ? help : await report(command));
}

type Query = Exclude<ReportCommand, { readonly kind: 'help' }>;

async function report(command: Query): Promise<string> {
  const { client, tableName, context, close } = await connectTable(command.target);
  try {
    const table = dynamoLogTable(client, tableName);
    const text = await read(command, { table, now: Date.now });
    if (command.units) {
      process.stderr.write(`${counted(table.units.read, 'read unit')} of DynamoDB\n`);
    }
    return text;
  } catch (error) {
    throw explained(error, context);
  } finally {
    await close();
  }
}

const columns = process.stdout.columns ?? widthOfPipe;

async function read(command: Query, ports: ViewPorts): Promise<string> {
  if (command.kind === 'overview') {
    const overview = await readOverview(ports, command.zone);
    return overview ? overviewText(overview, columns) : nothingCounted;
  }
  const rows = await readRows(command, ports);
  if (command.format === 'json') return `${printableJson(rows)}\n`;
  if (command.format === 'csv') return csvText(columnsOf(command), rows);
  return command.kind === 'uniques' && rows.length === 0 ? nothingEstimated : tableText(rows, columns);
}

const nothingCounted = 'nothing counted yet\n';
const nothingEstimated =
  'nothing counted in this range; which visitors and sessions are, is the setting uniqueVisitors\n';

type RowQuery = Exclude<Query, { readonly kind: 'overview' }>;

async function readRows({ kind, query, top, zone }: RowQuery, ports: ViewPorts) {
  if (kind === 'uniques') {
    return top === undefined ? readUniques(query, ports, zone) : topUniques(query, top, ports, zone);
  }
  if (top === undefined) {
    return zone ? readZonedAggregates(query, zone, ports) : readAggregates(query, ports);
  }
  return zone ? topZonedValues(query, top, zone, ports) : topValues(await readAggregates(query, ports), top);
}

function columnsOf({ kind, top }: RowQuery): readonly string[] {
  const window = top === undefined ? ['window'] : [];
  return kind === 'uniques'
    ? ['unique', 'dimension', 'value', ...window, 'count', 'standardError']
    : ['dimension', 'value', ...window, 'count'];
}

// Whoever reads the output has had enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : exitCodes.failed);
});

main().catch((error: unknown) => {
  process.stderr.write(`report: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof SetupError ? exitCodes.setup : exitCodes.failed;
});
