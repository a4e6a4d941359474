import { counted } from '../cli/counted';
import type { UnreadableLine } from './event-sources/event-source';
import { formatOf } from './event-sources/input-format';
import type { Traffic } from './options';

/** Says which lines of an input were passed over, without a line for each. */
export interface SkippedLines {
  add(line: UnreadableLine): void;
  /** Prints how many there were in all, and what may be wrong. */
  end(): void;
}

/** So many are shown; a wrong format refuses every line, and all for one reason. */
const mostShown = 5;
/** Enough of the lines to tell their format, and no more memory than that takes. */
const mostKept = 20;
const longestKept = 64 * 1024;

export function createSkippedLines(traffic: Traffic, note: (text: string) => void): SkippedLines {
  const { input } = traffic;
  const kept: Buffer[] = [];
  let count = 0;
  return {
    add(line) {
      if (++count <= mostShown) note(skippedText(line, traffic));
      if (kept.length < mostKept && line.bytes && line.bytes.length <= longestKept) {
        kept.push(Buffer.from(line.bytes));
      }
    },
    end() {
      if (count > mostShown) {
        note(`${counted(count - mostShown, 'more line')} skipped, ${count} in all`);
      }
      if (input.kind !== 'file' || count === 0) return;
      const format = formatOf(kept);
      if (format !== undefined && format !== input.format) {
        note(`the lines skipped look like --format ${format}, and were read as ${input.format}`);
      }
    },
  };
}

/** Where a line was passed over, and why; with its file where there are several. */
export function skippedText({ file, line, reason }: UnreadableLine, { input }: Traffic): string {
  const several = input.kind === 'file' && input.paths.length > 1;
  const where = several && file !== undefined ? `${file}: line ${line}` : `line ${line}`;
  return `${where} skipped: ${reason}`;
}
