import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { Question } from './questions';

export interface PromptPorts {
  readonly stdin: Readable;
  readonly stdout: Writable;
}

const words =
  'SQL ends with a semicolon; the name of a question (npm run query -- --list) asks it; Ctrl-C forgets a line, \\q ends.\n';

/**
 * Asks for queries at a terminal until its input ends. Lines are collected up to a semicolon; the arrow keys bring back
 * what was asked before, in this session: queries may name visitors, so they are not kept on disk.
 */
export async function promptForQueries(
  { stdin, stdout }: PromptPorts,
  questions: readonly Question[],
  ask: (sql: string) => Promise<unknown>,
): Promise<void> {
  const lines = createInterface({ input: stdin, output: stdout, prompt: 'query> ', historySize: 500 });
  stdout.write(words);
  let text = '';
  // A first Ctrl-C gives up the line, as shells do.
  lines.on('SIGINT', () => {
    if (text === '' && lines.line === '') return lines.close();
    text = '';
    stdout.write('\n');
    lines.setPrompt('query> ');
    lines.prompt();
  });
  lines.prompt();
  for await (const line of lines) {
    const word = line.trim();
    if (text === '' && (word === '\\q' || word === 'exit' || word === 'quit')) break;
    if (text === '' && word === 'help') {
      stdout.write(words);
      lines.prompt();
      continue;
    }
    const question = text === '' ? questions.find(({ name }) => name === word.replace(/;$/, '')) : undefined;
    text = question ? question.sql : `${text}${line}\n`;
    if (question || /;\s*$/.test(text)) {
      await ask(text);
      text = '';
    } else if (text.trim() === '') text = '';
    lines.setPrompt(text === '' ? 'query> ' : '    -> ');
    lines.prompt();
  }
  lines.close();
}
