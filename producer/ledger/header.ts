import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { plainReason } from '../../cli/plain-reason';
import { SetupError } from '../../cli/setup-error';
import { isObject } from '../../domain/json/json-object';
import type { TrafficInput } from '../sources/traffic-input';

/** What a ledger is of: the stream, and all that decides the events and their order. */
export interface LedgerHeader {
  /** Version of the format. */
  readonly ledger: 1;
  readonly startedAt: string;
  readonly stream: string;
  /** The options that decide the events, by name. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The files that decide them: inputs in their order, site model, template. */
  readonly files: readonly FileIdentity[];
}

export interface FileIdentity {
  readonly path: string;
  /** Absent for what can be read only once: standard input, a pipe. */
  readonly bytes?: number;
  /** Of the first `hashedBytes`. */
  readonly sha256?: string;
  readonly hashedBytes?: number;
}

const mostHashedBytes = 64 * 1024;

/** Throws a `SetupError` for a file that cannot be read. */
export async function makeHeader(input: TrafficInput, stream: string, now: number): Promise<LedgerHeader> {
  const { files, options } = decidedBy(input);
  return {
    ledger: 1,
    startedAt: new Date(now).toISOString(),
    stream,
    options,
    files: await Promise.all(files.map(identify)),
  };
}

/** All options of the input count, so that one that is added later does so, too; paths count by what is in the file. */
function decidedBy(input: TrafficInput) {
  if (input.kind === 'file') {
    const { paths: files, ...options } = input;
    return { files, options: plain(options) };
  }
  const { site, template, ...options } = input;
  const files = [site, template].filter((path) => path !== undefined);
  return { files, options: plain({ ...options, model: modelKind(site, template) }) };
}

function modelKind(site: string | undefined, template: string | undefined): string {
  if (template !== undefined) return 'template';
  return site === undefined ? 'built-in' : 'site';
}

/** As it comes back from the file: without what is undefined. */
function plain(options: object): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(options)) as Record<string, unknown>;
}

async function identify(path: string): Promise<FileIdentity> {
  if (path === '-') return { path };
  let file: FileHandle | undefined;
  try {
    const stats = await stat(path);
    // To open a pipe would take from it what is to be sent.
    if (!stats.isFile()) return { path };
    const { size } = stats;
    file = await open(path);
    const buffer = Buffer.alloc(Math.min(size, mostHashedBytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    const sha256 = createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex');
    return { path, bytes: size, sha256, hashedBytes: bytesRead };
  } catch (error) {
    throw new SetupError(`${path} cannot be read: ${plainReason(error)}`);
  } finally {
    await file?.close();
  }
}

/** Throws a `SetupError` for the header of another version. */
export function parseHeader(fields: Readonly<Record<string, unknown>>, path: string): LedgerHeader {
  const { ledger, stream, startedAt, options, files } = fields;
  if (ledger !== 1) {
    throw new SetupError(
      `the ledger ${path} has version ${JSON.stringify(ledger)}; this program reads version 1`,
    );
  }
  if (typeof stream !== 'string' || typeof startedAt !== 'string' || !isObject(options) || !isFiles(files)) {
    throw new SetupError(`the ledger ${path} is damaged: its first line lacks a member`);
  }
  return { ledger, stream, startedAt, options, files };
}

function isFiles(value: unknown): value is readonly FileIdentity[] {
  return Array.isArray(value) && value.every((file) => isObject(file) && typeof file.path === 'string');
}

/**
 * Refuses to resume where the events would be others, or in another order, or go elsewhere. Throws a `SetupError` that
 * names the first difference.
 */
export function checkResumable(before: LedgerHeader, now: LedgerHeader, path: string): void {
  const refuse = (why: string) => new SetupError(`--resume ${path}: ${why}`);
  const readOnce = before.files.find(({ bytes }) => bytes === undefined);
  if (readOnce) {
    throw refuse(
      `its input ${readOnce.path} is no regular file, and cannot be read again; save it to one first`,
    );
  }
  if (before.options.kind === 'synthetic' && before.options.seed === undefined) {
    throw refuse('its events were generated without --seed, so nothing can generate them again');
  }
  if (before.stream !== now.stream)
    throw refuse(`it is of stream ${before.stream}, and not of ${now.stream}`);
  if (before.options.kind !== now.options.kind) {
    const [was, is] = [before, now].map(({ options }) =>
      options.kind === 'file' ? 'an --input' : 'generated events',
    );
    throw refuse(`it is of ${was}, and not of ${is}`);
  }
  for (const name of new Set([...Object.keys(before.options), ...Object.keys(now.options)])) {
    const [was, is] = [before.options[name], now.options[name]];
    if (!isDeepStrictEqual(was, is))
      throw refuse(`it was begun with ${name} ${shown(was)}, and not ${shown(is)}`);
  }
  if (before.files.length !== now.files.length) {
    throw refuse(`it is of ${before.files.length} files, and not of ${now.files.length}`);
  }
  now.files.forEach((file, index) => {
    const was = before.files[index]!;
    if (file.bytes !== was.bytes) {
      throw refuse(
        `${file.path} has ${file.bytes} bytes, and ${was.path} had ${was.bytes}: it is another file, or changed`,
      );
    }
    if (file.sha256 !== was.sha256)
      throw refuse(`${file.path} does not begin as ${was.path} did: it is another file`);
  });
}

function shown(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}
