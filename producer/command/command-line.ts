import { resolve } from 'node:path';
import type { ParseArgsOptionsConfig } from 'node:util';
import { parseOptions } from '../../cli/arguments';
import { numberOption, oneOf } from '../../cli/option-values';
import { SetupError } from '../../cli/setup-error';
import { maxRecordBytes } from '../client/batch';
import type { Target } from '../client/connection';
import { defaultPacking, leastPackBytes, type Packing } from '../client/packing/packer';
import type { ProducerSettings } from '../client/producer';
import type { LedgerOption } from '../ledger/open-ledger';
import { parseTraffic, type Traffic, trafficOptions } from './options';
import { parseTarget, targetOptions } from './target';

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'dry-run'; readonly traffic: Traffic }
  | ({ readonly kind: 'produce' } & ProduceOptions);

export interface ProduceOptions {
  readonly traffic: Traffic;
  readonly target: Target;
  readonly settings: ProducerSettings & { readonly packing: Packing };
  readonly ledger: LedgerOption | undefined;
  /** Where to keep events that never get through; undefined: a new file in the working directory. */
  readonly failedFile: string | undefined;
  /** The summary as JSON. */
  readonly json: boolean;
  /** And the progress before it, a line each second. */
  readonly jsonLines: boolean;
  /** Nothing but the summary, and what went wrong. */
  readonly quiet: boolean;
}

const options = {
  ...trafficOptions,
  ...targetOptions,
  pack: { type: 'string' },
  'pack-bytes': { type: 'string' },
  linger: { type: 'string' },
  buffer: { type: 'string' },
  'retry-for': { type: 'string' },
  attempts: { type: 'string' },
  failed: { type: 'string' },
  ledger: { type: 'string' },
  resume: { type: 'string' },
  json: { type: 'boolean' },
  'json-lines': { type: 'boolean' },
  quiet: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

type Values = ReturnType<typeof parseOptions<typeof options>>;

/** Reads the arguments. Throws a `SetupError` that says what is wrong with them. */
export function parseCommand(args: readonly string[]): Command {
  const values = parseOptions(args, options);
  if (values.help) return { kind: 'help' };
  const traffic = parseTraffic(values);
  if (values['dry-run']) {
    if (values.json) throw new SetupError('--dry-run prints events and --json a summary: give one of them');
    if (values.ledger !== undefined || values.resume !== undefined) {
      throw new SetupError('--dry-run sends nothing: leave out --ledger and --resume');
    }
    return { kind: 'dry-run', traffic };
  }
  const ledger = parseLedger(values, traffic);
  refuseSharedFiles(values, traffic);
  return {
    kind: 'produce',
    traffic,
    target: parseTarget(values, 'to send to'),
    settings: parseSettings(values),
    ledger,
    failedFile: values.failed,
    json: values.json ?? values['json-lines'] ?? false,
    jsonLines: values['json-lines'] ?? false,
    quiet: values.quiet ?? false,
  };
}

function parseSettings(values: Values): ProduceOptions['settings'] {
  const { pack, 'pack-bytes': bytes, linger, buffer, 'retry-for': retryFor, attempts } = values;
  const packing = oneOf('pack', pack, ['none', 'ndjson', 'kpl']) ?? defaultPacking;
  if (packing === 'none' && bytes !== undefined)
    throw new SetupError('--pack none packs nothing: leave out --pack-bytes');
  const packBytes = numberOption('pack-bytes', bytes, { most: maxRecordBytes, whole: true });
  if (packBytes !== undefined && packBytes < leastPackBytes) {
    throw new SetupError(
      `--pack-bytes is "${bytes}"; allowed: a whole number from ${leastPackBytes} to ${maxRecordBytes}`,
    );
  }
  const lingerMs = numberOption('linger', linger, { most: 60_000, whole: false });
  const mebibytes = numberOption('buffer', buffer, { most: 4096, whole: true });
  const retrySeconds = numberOption('retry-for', retryFor, { most: 31_536_000, whole: false });
  const maxAttempts = numberOption('attempts', attempts, { most: 1000, whole: true });
  return {
    packing,
    ...(packBytes !== undefined && { packBytes }),
    ...(lingerMs !== undefined && { lingerMs }),
    ...(mebibytes !== undefined && bufferOf(mebibytes)),
    ...(retrySeconds !== undefined && { retryForMs: retrySeconds * 1000 }),
    ...(maxAttempts !== undefined && { maxAttempts }),
  };
}

/** The producer bounds events as well as bytes, since each costs memory beside its bytes; the two in proportion. */
function bufferOf(mebibytes: number): Pick<ProducerSettings, 'maxBufferedBytes' | 'maxBufferedEvents'> {
  return { maxBufferedBytes: mebibytes * 1024 * 1024, maxBufferedEvents: mebibytes * 1500 };
}

function parseLedger({ ledger, resume }: Values, { input }: Traffic): LedgerOption | undefined {
  if (ledger === '' || resume === '') throw new SetupError('--ledger and --resume need a file');
  if (resume === undefined) return ledger === undefined ? undefined : { path: ledger, resume: false };
  if (ledger !== undefined) {
    throw new SetupError('--resume continues the ledger that it names: leave out --ledger');
  }
  if (input.kind === 'file' ? input.paths.includes('-') : input.seed === undefined) {
    throw new SetupError(
      '--resume needs the same events again: give the --input files, or the --seed, of the run',
    );
  }
  return { path: resume, resume: true };
}

/** What one option writes, another must not read or write. */
function refuseSharedFiles({ failed, ledger, resume }: Values, { input }: Traffic): void {
  const written = { failed, ledger, resume };
  const taken = new Map(input.kind === 'file' ? input.paths.map((path) => [resolve(path), '--input']) : []);
  for (const [name, path] of Object.entries(written)) {
    if (path === undefined) continue;
    const other = taken.get(resolve(path));
    if (other !== undefined) throw new SetupError(`--${name} and ${other} are both ${path}: give two files`);
    taken.set(resolve(path), `--${name}`);
  }
}
