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
import { tableText } from './table-text';
import { readUniques, topUniques } from './uniques-reader';

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
    const rows = await read(command, { table, now: Date.now });
    if (command.kind === 'uniques' && rows.length === 0 && !command.json) return nothingEstimated;
    return command.json ? `${printableJson(rows)}\n` : tableText(rows, process.stdout.columns ?? widthOfPipe);
  } catch (error) {
    throw explained(error, context);
  } finally {
    await close();
  }
}

const nothingEstimated =
  'nothing counted in this range; which visitors and sessions are, is the setting uniqueVisitors\n';

async function read({ kind, query, top }: Query, options: ViewPorts) {
  if (kind === 'uniques') {
    return top === undefined ? readUniques(query, options) : topUniques(query, top, options);
  }
  const rows = await readAggregates(query, options);
  return top === undefined ? rows : topValues(rows, top);
}

// Whoever reads the output has had enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : exitCodes.failed);
});

main().catch((error: unknown) => {
  process.stderr.write(`report: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof SetupError ? exitCodes.setup : exitCodes.failed;
});
