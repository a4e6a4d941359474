import type { Clock } from '../../cli/clock';
import type { Packing } from '../client/packing/packer';
import type { TrafficInput } from '../sources/traffic-input';
import { checkResumable, type LedgerHeader, makeHeader } from './header';
import { createLedger, type Ledger } from './ledger';
import { openLedgerFile } from './ledger-file';
import { readLedger } from './read-ledger';
import { type LedgerState, readState } from './state';

/** Which ledger to keep, and whether earlier runs have begun it. */
export interface LedgerOption {
  readonly path: string;
  readonly resume: boolean;
}

/** What a ledger has to know of its run. */
export interface LedgerRun {
  readonly streamName: string;
  readonly packing: Packing;
  readonly clock: Clock;
}

export interface OpenedLedger {
  readonly ledger: Ledger;
  /** What earlier runs wrote; undefined for a new ledger. */
  readonly before: LedgerState | undefined;
}

/**
 * Begins a ledger, or goes on with one. Throws a `SetupError` for a new one whose file is there already, and for one to
 * resume that is of another input, of other options or of another stream.
 */
export async function openLedger(
  { path, resume }: LedgerOption,
  { input, count }: { readonly input: TrafficInput; readonly count: number | undefined },
  { streamName, packing, clock }: LedgerRun,
): Promise<OpenedLedger> {
  const header = await makeHeader(input, streamName, clock.now());
  const before = resume ? await readBefore(path, header) : undefined;
  const file = openLedgerFile(path, resume ? 'resume' : 'new');
  if (before) file.add({ kind: 'resumed', at: header.startedAt });
  else file.add({ kind: 'header', header: { ...header } });
  file.flush();
  return { ledger: createLedger(file, clock, { before, count, packing }), before };
}

async function readBefore(path: string, header: LedgerHeader): Promise<LedgerState> {
  return readState(readLedger(path, (begun) => checkResumable(begun, header, path)));
}
