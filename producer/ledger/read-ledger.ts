import { createReadStream } from 'node:fs';
import { plainReason } from '../../cli/plain-reason';
import { SetupError } from '../../cli/setup-error';
import { createLineSplitter, type Line } from '../sources/lines';
import { type LedgerHeader, parseHeader } from './header';
import { type LedgerLine, parseLine } from './line';

/** The lines behind the first one. */
export type LedgerEntry = Exclude<LedgerLine, { readonly kind: 'header' }>;

/**
 * Reads a ledger line by line. A line that a crash cut off, which is the last of its run, is passed over: it counts as
 * not written. Throws a `SetupError` for a file that cannot be read, is no ledger, or is damaged elsewhere.
 *
 * @param onHeader told of the header before the first entry
 */
export async function* readLedger(
  path: string,
  onHeader?: (header: LedgerHeader) => void,
): AsyncGenerator<LedgerEntry, void, undefined> {
  let torn: number | undefined;
  let isFirst = true;
  for await (const { number, bytes } of linesOf(path)) {
    const line = bytes && parseLine(bytes.toString('utf8'));
    if (isFirst) {
      if (line?.kind !== 'header')
        throw new SetupError(`${path} is no ledger: its first line is not a ledger's`);
      const header = parseHeader(line.header, path);
      onHeader?.(header);
      isFirst = false;
      continue;
    }
    if (torn !== undefined && line?.kind !== 'resumed') throw damaged(path, torn);
    torn = undefined;
    if (!line) torn = number;
    else if (line.kind === 'header') throw damaged(path, number);
    else yield line;
  }
  if (isFirst) throw new SetupError(`${path} is no ledger: it is empty`);
}

async function* linesOf(path: string): AsyncGenerator<Line, void, undefined> {
  const lines = createLineSplitter();
  try {
    for await (const chunk of createReadStream(path)) yield* lines.push(chunk as Buffer);
    const last = lines.end();
    if (last) yield last;
  } catch (error) {
    throw new SetupError(`the ledger ${path} cannot be read: ${plainReason(error)}`);
  }
}

function damaged(path: string, line: number): SetupError {
  return new SetupError(
    `the ledger ${path} is damaged: line ${line} is not one of a ledger, and not where a run was cut off`,
  );
}
