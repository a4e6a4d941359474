import { explained } from '../cli/explain-aws-error';
import { quietSdk } from '../cli/quiet-sdk';
import { SetupError } from '../cli/setup-error';
import { readAggregates, topValues } from './aggregates-reader';
import { help, parseReportCommand, type ReportOptions } from './command-line';
import { connectTable } from './connection';
import { tableText } from './table-text';

const exitCodes = { failed: 1, setup: 2 } as const;
const widthOfPipe = 120;

async function main(): Promise<void> {
  quietSdk();
  const command = parseReportCommand(process.argv.slice(2));
  process.stdout.write(command.kind === 'help' ? help : await report(command));
}

async function report({ query, top, json, target }: ReportOptions): Promise<string> {
  const { client, tableName, context, close } = await connectTable(target);
  try {
    const rows = await readAggregates(query, { client, tableName, now: Date.now });
    const shown = top === undefined ? rows : topValues(rows, top);
    return json ? `${JSON.stringify(shown)}\n` : tableText(shown, process.stdout.columns ?? widthOfPipe);
  } catch (error) {
    throw explained(error, context);
  } finally {
    await close();
  }
}

// Whoever reads the output has had enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : exitCodes.failed);
});

main().catch((error: unknown) => {
  process.stderr.write(`report: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof SetupError ? exitCodes.setup : exitCodes.failed;
});
