import { once } from 'node:events';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { readQuestions } from '../analytics/questions';
import { parseOptions } from '../cli/arguments';
import { parsePlace, placeOptions } from '../cli/place';
import { keepFilesPrivate } from '../cli/private-files';
import { quietSdk } from '../cli/quiet-sdk';
import { SetupError } from '../cli/setup-error';
import { openTableApi } from '../dashboard/table-api';
import { questionsOf } from './ask-question';
import { questionTool } from './question-tool';
import { serveTools } from './server';
import { counterTools } from './tools';

const exitCodes = { failed: 1, setup: 2 } as const;

const help = `Usage: npm run -s mcp -- [options]

Lets an assistant read the counters and ask the saved questions, over the Model Context Protocol on standard input and
output. It changes nothing: there are tools to read, and none to write.

  npm run -s mcp                                          the pipeline on this machine
  npm run -s mcp -- --stack clickstream-prod --profile production

  --local [DIR]       the pipeline on this machine, running or not (.local)
  --stack NAME        a deployed pipeline, by its name or that of one of its stacks
  --region R, --profile P, --endpoint-url URL   for --stack; otherwise as the AWS SDK finds them
  -h, --help

Exit code: 0 when the other side has closed, 1 on failure, 2 on wrong options or nothing to read.
`;

async function main(): Promise<void> {
  quietSdk();
  keepFilesPrivate();
  const { help: isHelp, ...values } = parseOptions(process.argv.slice(2), {
    ...placeOptions,
    help: { type: 'boolean', short: 'h' },
  });
  if (isHelp) {
    process.stdout.write(help);
    return;
  }
  const place = parsePlace(values);
  const { api, pipeline, close } = await openTableApi(place);
  try {
    const ask = questionTool(readQuestions(), questionsOf(place));
    const ended = once(process.stdin, 'end');
    const transport = new StdioServerTransport();
    await serveTools({ pipeline, tools: [...counterTools(api), ask], transport, ended });
  } finally {
    await close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`mcp: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof SetupError ? exitCodes.setup : exitCodes.failed;
});
