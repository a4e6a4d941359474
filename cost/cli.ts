import { SetupError } from '../cli/setup-error';
import { billOf } from './bill';
import { billText } from './bill-text';
import { type CostCommand, help, parseCostCommand } from './command-line';
import { costTable } from './table-text';

function textOf(command: CostCommand): string {
  if (command.kind === 'help') return help;
  const { options } = command;
  if (command.kind === 'table') return costTable(options);
  const bill = billOf(options);
  if (!command.json) return billText(bill, options);
  const { traffic, settings, list, month } = options;
  const { region, date } = list;
  return `${JSON.stringify({ traffic, settings, prices: { region, date }, month, ...bill })}\n`;
}

try {
  process.stdout.write(textOf(parseCostCommand(process.argv.slice(2))));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`cost: ${error.message}\n`);
  process.exitCode = 2;
}
