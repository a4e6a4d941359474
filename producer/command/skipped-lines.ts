import { counted } from '../../cli/counted';
import { formatOf } from '../../formats/input-format';
import type { UnreadableLine } from '../sources/event-source';
import type { Traffic } from './options';

/** Says which lines of an input were passed over, without a line for each. */
export interface SkippedLines {
  add(line: UnreadableLine): void;
  /** Prints how many there were in all, and what may be wrong. */
  end(): void;
  /** The format that would read the lines, if it is another one. */
  hint(): string | undefined;
}

/** So many are shown; a wrong format refuses every line, and all for one reason. */
const mostShown = 5;
/** Enough of the lines to tell their format, and no more memory than that takes. */
const mostKept = 20;
const longestKept = 64 * 1024;

/** @param note prints a line; undefined: nothing is printed, and only the hint is kept */
export function createSkippedLines(traffic: Traffic, note?: (text: string) => void): SkippedLines {
  const { input } = traffic;
  const kept: Buffer[] = [];
  let count = 0;
  const hint = () => {
    const format = input.kind === 'file' ? formatOf(kept) : undefined;
    if (input.kind !== 'file' || format === undefined || format === input.format) return undefined;
    return `the lines skipped look like --format ${format}, and were read as ${input.format}`;
  };

  return {
    add(line) {
      if (++count <= mostShown) note?.(skippedText(line, traffic));
      if (kept.length < mostKept && line.bytes && line.bytes.length <= longestKept) {
        kept.push(Buffer.from(line.bytes));
      }
    },
    end() {
      if (count > mostShown) {
        note?.(`${counted(count - mostShown, 'more line')} skipped, ${count} in all`);
      }
      const said = hint();
      if (said !== undefined) note?.(said);
    },
    hint,
  };
}

/** Where a line was passed over, and why; with its file where there are several. */
export function skippedText({ file, line, reason }: UnreadableLine, { input }: Traffic): string {
  const several = input.kind === 'file' && input.paths.length > 1;
  const where = several && file !== undefined ? `${file}: line ${line}` : `line ${line}`;
  return `${where} skipped: ${reason}`;
}
