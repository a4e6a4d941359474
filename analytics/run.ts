import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { explained } from '../cli/explain-aws-error';
import { showProgress } from '../recover/progress';
import { printAnswer } from './answer';
import { athenaText } from './athena-text';
import { bringCopy } from './bring-copy';
import { help, parseQueryCommand, type QueryCommand } from './command-line';
import { connectArchive } from './connection';
import { openSession, type QuerySession } from './duckdb/session';
import { promptForQueries } from './prompt';
import { type Question, readQuestions } from './questions';

export interface QueryPorts {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
}

export const exitCodes = { done: 0, failed: 1, setup: 2, interrupted: 130 } as const;

const widthOfPipe = 120;

type Asked = Extract<QueryCommand, { readonly kind: 'query' }>;

/** Runs the command; returns its exit code. */
export async function runQuery(args: readonly string[], ports: QueryPorts): Promise<number> {
  const questions = readQuestions();
  const command = parseQueryCommand(args, questions);
  const print = (text: string) => write(ports.stdout, text);
  if (command.kind === 'help') await print(help);
  else if (command.kind === 'list') {
    const width = Math.max(...questions.map(({ name }) => name.length));
    await print(questions.map(({ name, about }) => `${name.padEnd(width)}  ${about}\n`).join(''));
  } else if (command.kind === 'athena') await print(athenaText(command.sql, command.range));
  else return ask(command, questions, ports);
  return exitCodes.done;
}

async function ask(command: Asked, questions: readonly Question[], ports: QueryPorts): Promise<number> {
  const connection = await connectArchive(command.place);
  try {
    const progress = showProgress(ports.stderr);
    const note = (sentence: string): void => void ports.stderr.write(`${sentence}\n`);
    await bringCopy(connection, command, { progress, note }, ports.signal);
  } catch (error) {
    if (ports.signal.aborted) return exitCodes.interrupted;
    throw explained(error, connection.context);
  } finally {
    await connection.close();
  }
  const session = await openSession(connection.copyFile, command.range, command.parquetFile);
  const onAbort = () => session.interrupt();
  ports.signal.addEventListener('abort', onAbort);
  try {
    const sql = command.sql ?? (ports.stdin.isTTY ? undefined : await text(ports.stdin));
    if (sql !== undefined) return await answer(session, sql, command, ports);
    await promptForQueries(ports, questions, (asked) => answer(session, asked, command, ports));
    return exitCodes.done;
  } finally {
    ports.signal.removeEventListener('abort', onAbort);
    session.close();
  }
}

async function answer(
  session: QuerySession,
  sql: string,
  command: Asked,
  ports: QueryPorts,
): Promise<number> {
  const { format, parquetFile } = command;
  try {
    if (parquetFile !== undefined) {
      await session.writeParquet(sql);
      ports.stderr.write(`${parquetFile} is written\n`);
    } else {
      const width = ports.stdout.columns ?? widthOfPipe;
      await printAnswer(await session.run(sql), format, (text) => write(ports.stdout, text), width);
    }
    return exitCodes.done;
  } catch (error) {
    if (ports.signal.aborted) return exitCodes.interrupted;
    ports.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.failed;
  }
}

function write(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => stream.write(text, (error) => (error ? reject(error) : resolve())));
}
