import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { SetupError } from '../../cli/setup-error';
import type { Clock } from '../clock';
import type { FileInput, TrafficInput } from '../options';
import { combinedEvent } from './combined';
import type { LineFormat, SourceItem } from './event-source';
import { maxLineBytes, readLines } from './lines';
import { ndjsonEvent } from './ndjson';
import { simulatedTime, syntheticEvents } from './synthetic';

export interface SourcePorts {
  readonly clock: Clock;
  /** Ends the source: what is read by then is the whole of it. */
  readonly signal: AbortSignal;
  /** Read for the input `-`. @default process.stdin */
  readonly stdin?: Readable | undefined;
}

const formats: Readonly<Record<FileInput['format'], LineFormat>> = {
  ndjson: ndjsonEvent,
  combined: combinedEvent,
};

/** Opens an input. Throws a `SetupError` for a file that is not there, or that cannot be read twice but has to be. */
export async function openSource(
  input: TrafficInput,
  ports: SourcePorts,
): Promise<AsyncIterable<SourceItem>> {
  if (input.kind === 'synthetic') {
    const { seed = randomUUID(), time } = input;
    return syntheticEvents(seed, time === 'now' ? () => ports.clock.now() : simulatedTime);
  }
  const format = formats[input.format];
  if (input.path === '-') {
    const open = () => addAbortSignal(ports.signal, ports.stdin ?? process.stdin);
    return lineEvents(open, format, 0, ports.signal);
  }
  await checkFile(input);
  const open = () => createReadStream(input.path, { signal: ports.signal });
  const events = (shiftMs: number) => lineEvents(open, format, shiftMs, ports.signal);
  if (input.time === 'original') return events(0);
  return events(await shiftToNow(events(0), ports.clock));
}

async function checkFile({ path, time }: FileInput): Promise<void> {
  const file = await stat(path).catch((error: Error) => {
    throw new SetupError(`--input ${path} cannot be read: ${error.message}`);
  });
  if (file.isDirectory())
    throw new SetupError(`--input ${path} is a directory; allowed: a file, or - for stdin`);
  if (time === 'now' && !file.isFile()) {
    throw new SetupError(
      `--time now reads the input twice, and ${path} is not a regular file; save it to one first`,
    );
  }
}

/** By how much to move every event, so that the latest of them happens now. */
async function shiftToNow(events: AsyncIterable<SourceItem>, clock: Clock): Promise<number> {
  let latest: number | undefined;
  for await (const item of events) {
    if (item.ok && item.at !== undefined && (latest === undefined || item.at > latest)) latest = item.at;
  }
  return latest === undefined ? 0 : clock.now() - latest;
}

/** Blank lines count as lines, and are passed over in silence. */
async function* lineEvents(
  open: () => Readable,
  format: LineFormat,
  shiftMs: number,
  signal: AbortSignal,
): AsyncGenerator<SourceItem, void, undefined> {
  const stream = open();
  // The loop throws what goes wrong; without a listener, an abort between two reads would end the process.
  stream.on('error', () => {});
  try {
    for await (const { number, bytes } of readLines(stream)) {
      if (!bytes) yield { ok: false, line: number, reason: `longer than ${maxLineBytes} bytes` };
      else if (!isBlank(bytes)) yield format(bytes, number, shiftMs);
    }
  } catch (error) {
    // An aborted stream fails with an error of its own; the reader asked for that.
    if (!signal.aborted) throw error;
  }
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
