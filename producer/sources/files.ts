import { createReadStream, ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { types } from 'node:util';
import { plainReason } from '../../cli/plain-reason';
import { SetupError } from '../../cli/setup-error';
import { createLineReader } from '../../formats/input-format';
import type { LineReader } from '../../formats/line-reader';
import type { TimedItem } from './event-source';
import { createPageFilter, type PageFilter } from './exclusions';
import { decompressed } from './gzip';
import { createLineSplitter, type Line, maxLineBytes } from './lines';
import { mergeByTime } from './merge';
import { inUtf8, withoutMark } from './text-encoding';
import type { FileInput } from './traffic-input';

export interface FilePorts {
  /** Ends the source: what is read by then is the whole of it. */
  readonly signal: AbortSignal;
  /** Read for the input `-`. @default process.stdin */
  readonly stdin?: Readable | undefined;
  /** Told how many more bytes of a file were read, as they are stored. */
  readonly onRead?: ((bytes: number) => void) | undefined;
  /** Told of each line that `--exclude` leaves out. */
  readonly onExcluded?: (() => void) | undefined;
}

/** Throws a `SetupError` for a file that is not there, or that cannot be read twice but has to be. */
export async function checkFiles({ paths, time }: FileInput): Promise<void> {
  for (const path of paths) if (path !== '-') await checkFile(path, time);
}

async function checkFile(path: string, time: FileInput['time']): Promise<void> {
  const file = await stat(path).catch((error: Error) => {
    throw new SetupError(`--input ${path} cannot be read: ${plainReason(error)}`);
  });
  if (file.isDirectory())
    throw new SetupError(`--input ${path} is a directory; allowed: a file, or - for stdin`);
  if (time === 'now' && !file.isFile()) {
    throw new SetupError(
      `--time now reads the input twice, and ${path} is not a regular file; save it to one first`,
    );
  }
}

/**
 * The events of one file in its order, or of several in the order of time, each `finished` in that order. Blank lines
 * count as lines, and are passed over in silence.
 */
export function fileEvents<T>(
  input: FileInput,
  ports: FilePorts,
  finished: (item: TimedItem) => T,
): AsyncIterable<T> {
  const isExcluded = createPageFilter(input.exclude ?? []);
  const files = input.paths.map((path, index): ReadFile => {
    return { path, number: index + 1, read: createLineReader(input), isExcluded };
  });
  const [only, ...others] = files;
  if (only && others.length === 0) return lineEvents(only, ports, finished);
  const unfinished = files.map((file) => lineEvents(file, ports, (item) => item));
  return mergeByTime(unfinished, finished);
}

async function* lineEvents<T>(
  file: ReadFile,
  { signal, stdin, onRead, onExcluded }: FilePorts,
  finished: (item: TimedItem) => T,
): AsyncGenerator<T, void, undefined> {
  const { path } = file;
  const stream: Readable =
    path === '-' ? addAbortSignal(signal, stdin ?? process.stdin) : createReadStream(path, { signal });
  // The loop throws what goes wrong; without a listener, an abort between two reads would end the process.
  stream.on('error', () => {});
  const lines = createLineSplitter();
  try {
    let toldBytes = 0;
    for await (const chunk of inUtf8(decompressed(stream))) {
      if (onRead && stream instanceof ReadStream) {
        onRead(stream.bytesRead - toldBytes);
        toldBytes = stream.bytesRead;
      }
      for (const line of lines.push(chunk)) {
        const item = lineItem(line, file, onExcluded);
        if (item) yield finished(item);
      }
    }
    const last = lines.end();
    const item = last && lineItem(last, file, onExcluded);
    if (item) yield finished(item);
  } catch (error) {
    // An aborted stream fails with an error of its own; the reader asked for that.
    if (!signal.aborted) throw named(error, path);
  }
}

interface ReadFile {
  readonly path: string;
  readonly number: number;
  readonly read: LineReader;
  readonly isExcluded: PageFilter;
}

function lineItem(
  { number: line, bytes: whole }: Line,
  file: ReadFile,
  onExcluded: FilePorts['onExcluded'],
): TimedItem | undefined {
  if (!whole) return { ok: false, file: file.path, line, reason: `longer than ${maxLineBytes} bytes` };
  const bytes = withoutMark(whole);
  if (isBlank(bytes)) return undefined;
  const reading = file.read(bytes, { file: file.number, line });
  if (!reading) return undefined;
  if (!reading.ok) return { ok: false, file: file.path, line, reason: reading.reason, bytes };
  const { at, page, outgoing } = reading;
  if (page !== undefined && file.isExcluded(page)) {
    onExcluded?.();
    return undefined;
  }
  const resumeKey = `${file.number}:${line}`;
  return { ok: true, at, outgoing, lineBytes: bytes.length, file: file.path, line, resumeKey };
}

/** System errors name the file themselves; those of zlib say only "incorrect header check". */
function named(error: unknown, file: string): unknown {
  if (!types.isNativeError(error) || !('code' in error) || !/^Z_/.test(String(error.code))) return error;
  return new Error(`--input ${file} is gzip, and damaged or cut off: ${error.message}`, { cause: error });
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
