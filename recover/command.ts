import { randomBytes, randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { explained } from '../cli/explain-aws-error';
import { SetupError } from '../cli/setup-error';
import { dynamoCalls } from '../table/dynamo-calls';
import { logTable } from '../table/log-table';
import { backfill } from './backfill/backfill';
import { help, parseRecoverCommand, type RecoverCommand } from './command-line';
import { connectPipeline, type PipelineConnection } from './connection';
import { erase } from './erase/erase';
import { receiptText } from './erase/receipt-text';
import { failuresText, shownText, tooOldText, uncountedText } from './failure-texts';
import type { HistoryPorts } from './history/history';
import { watermarkAt } from './history/watermark';
import { type FailureStores, listFailures } from './list';
import { s3ObjectStore } from './objects/object-store';
import { type Progress, showProgress } from './progress';
import { rebuildRange } from './rebuild/rebuild';
import { type Repair, repairObjects } from './repair/repair';
import type { RepairPorts } from './repair/repair-batch';
import { resubmit } from './resubmit/resubmit';
import {
  backfillText,
  ledgerText,
  rangeText,
  rebuildText,
  repairsText,
  resubmissionText,
} from './result-texts';
import { showObject } from './show';
import { readUncounted } from './uncounted';
import { verifyPipelineLedger, verifyStreamLedger } from './verify/verify-ledger';
import { verifyRange } from './verify/verify-range';

export interface RecoverPorts {
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

export const exitCodes = {
  done: 0,
  /** Something failed, differs, or was left as it is. */
  left: 1,
  setup: 2,
  /** Something is to come yet: run again later. */
  early: 3,
} as const;

/** What a command has to say, and its exit code. */
interface Answer {
  readonly json: object;
  readonly text: string;
  readonly code: number;
}

/** The `recover` command; returns its exit code. */
export async function runRecover(args: readonly string[], ports: RecoverPorts): Promise<number> {
  try {
    const command = parseRecoverCommand(args);
    if (command.kind === 'help') {
      ports.stdout.write(help);
      return exitCodes.done;
    }
    const { json, text, code } =
      command.kind === 'verify-stream' ? await verifyStream(command) : await answer(command, ports);
    ports.stdout.write(command.json ? `${JSON.stringify(json)}\n` : text);
    return code;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    ports.stderr.write(`recover: ${error.message}\n`);
    return exitCodes.setup;
  }
}

type Command = Exclude<RecoverCommand, { readonly kind: 'help' | 'verify-stream' }>;
type CommandOf<Kind> = Extract<RecoverCommand, { readonly kind: Kind }>;

async function answer(command: Command, { stderr }: RecoverPorts): Promise<Answer> {
  const pipeline = await connectPipeline(command.place);
  const progress = showProgress(stderr);
  try {
    return await runCommand(command, pipeline, progress);
  } catch (error) {
    throw explained(error, pipeline.context);
  } finally {
    progress.end();
    await pipeline.close();
  }
}

async function runCommand(
  command: Command,
  pipeline: PipelineConnection,
  progress: Progress,
): Promise<Answer> {
  const stores = failureStores(pipeline);
  switch (command.kind) {
    case 'list': {
      return list(command, pipeline, progress);
    }
    case 'show': {
      const shown = await showObject(stores, command.key);
      return { json: shown, text: shownText(shown), code: exitCodes.done };
    }
    case 'repair': {
      const repairs = await repairObjects(command, repairPorts(command, pipeline, progress));
      return { json: { repairs }, text: repairsText(repairs), code: codeOf(repairs) };
    }
    case 'backfill':
      return backfillRange(command, pipeline, progress);
    case 'resubmit': {
      const ports = {
        ...{ archive: stores.archive, client: pipeline.sender, streamName: pipeline.names.stream },
        ...{ now: Date.now, sleep },
      };
      const sent = await resubmit(command, ports);
      const isDone =
        sent.fault === undefined && sent.inDoubt.length === 0 && Object.keys(sent.left).length === 0;
      const code = isDone ? exitCodes.done : exitCodes.left;
      return { json: sent, text: resubmissionText(sent, command.dryRun), code };
    }
    case 'erase': {
      const { retentionMs } = await pipeline.stream.describe();
      let objects = 0;
      const onProgress = () => progress.show(`${++objects} objects read`);
      const newSecret = () => randomBytes(24).toString('hex');
      const copy = await pipeline.findParquetBucket();
      const parquet = copy === undefined ? undefined : s3ObjectStore(pipeline.s3, copy);
      const ports = { ...stores, parquet, now: Date.now, retentionMs, newSecret, onProgress };
      const receipt = await erase(command, ports);
      const code = receipt.left.length === 0 ? exitCodes.done : exitCodes.left;
      return { json: receipt, text: receiptText(receipt, command), code };
    }
    case 'rebuild': {
      const ports = {
        ...historyPorts(pipeline, command.archivedBefore, progress),
        ...tablePorts(pipeline),
      };
      const rebuilt = await rebuildRange(command, ports);
      const code = rebuilt.reasons.length === 0 ? exitCodes.done : exitCodes.left;
      return { json: rebuilt, text: rebuildText(rebuilt, command.dryRun), code };
    }
    case 'verify':
      return verify(command, pipeline, progress);
  }
}

/** Of which rejected lines are listed, if nobody says. */
const listedMs = 3_600_000;

async function list(
  { all, range }: CommandOf<'list'>,
  pipeline: PipelineConnection,
  progress: Progress,
): Promise<Answer> {
  const { archive, onProgress } = historyPorts(pipeline, undefined, progress);
  const now = Date.now();
  // The end of a range is not part of it.
  const arrivals = range ? { from: range.from, to: range.to - 1 } : { from: now - listedMs, to: now };
  const { retentionMs } = await pipeline.stream.describe();
  const uncounted = await readUncounted({ ...pipeline, ...tablePorts(pipeline), now: Date.now });
  const tooOld = uncounted.filter(({ dueBy }) => dueBy < now);
  const stores = { ...failureStores(pipeline), archive };
  const failures = await listFailures(stores, { all, arrivals, longestLagMs: retentionMs }, onProgress);
  const [from, to] = [arrivals.from, arrivals.to].map((instant) => new Date(instant).toISOString());
  return {
    json: { ...failures, tooOld },
    text: `${failuresText(failures, from!, to!)}${tooOldText(tooOld)}`,
    code: exitCodes.done,
  };
}

async function backfillRange(
  command: CommandOf<'backfill'>,
  pipeline: PipelineConnection,
  progress: Progress,
): Promise<Answer> {
  const filled = await backfill(command, historyPorts(pipeline, command.archivedBefore, progress));
  const isLeft = filled.left.length > 0 || filled.forgottenBefore !== undefined;
  const code = isLeft ? exitCodes.left : filled.notYet > 0 ? exitCodes.early : exitCodes.done;
  return { json: filled, text: backfillText(filled, command.dryRun), code };
}

async function verify(
  { range, ledger, archivedBefore }: CommandOf<'verify'>,
  pipeline: PipelineConnection,
  progress: Progress,
): Promise<Answer> {
  const ports = { ...historyPorts(pipeline, archivedBefore, progress), ...tablePorts(pipeline) };
  const counters = range && (await verifyRange(range, ports));
  const found = ledger === undefined ? undefined : await verifyPipelineLedger(ledger, pipeline, Date.now());
  const uncounted = range ? (await readUncounted(ports)).filter(({ arrivedAt }) => arrivedAt < range.to) : [];
  const isRight = (counters?.exact ?? true) && (found?.differences ?? 0) === 0;
  const isThere = uncounted.length === 0 && found?.notYet === undefined;
  return {
    json: {
      exact: isRight && isThere,
      ...(counters ? { counters, uncounted } : {}),
      ...(found ? { ledger: found } : {}),
    },
    text: `${counters ? rangeText(counters) + uncountedText(uncounted) : ''}${found ? ledgerText(found) : ''}`,
    code: !isRight ? exitCodes.left : isThere ? exitCodes.done : exitCodes.early,
  };
}

async function verifyStream({ ledger, stream }: CommandOf<'verify-stream'>): Promise<Answer> {
  const found = await verifyStreamLedger(ledger, stream);
  const { exact } = found;
  return {
    json: { exact, ledger: found },
    text: ledgerText(found),
    code: exact ? exitCodes.done : exitCodes.left,
  };
}

function failureStores({ s3, names }: PipelineConnection): FailureStores {
  return {
    archive: s3ObjectStore(s3, names.archiveBucket),
    onFailure: names.onFailureBucket === undefined ? undefined : s3ObjectStore(s3, names.onFailureBucket),
  };
}

function repairPorts(
  { archivedBefore }: CommandOf<'repair'>,
  pipeline: PipelineConnection,
  progress: Progress,
): RepairPorts {
  const { archive, onFailure } = failureStores(pipeline);
  if (!onFailure) throw new SetupError('the pipeline has no bucket for what the aggregator gives up');
  return { ...historyPorts(pipeline, archivedBefore, progress), ...tablePorts(pipeline), archive, onFailure };
}

function historyPorts(
  pipeline: PipelineConnection,
  archivedBefore: number | undefined,
  progress: Progress,
): HistoryPorts {
  let objects = 0;
  const told = archivedBefore === undefined ? undefined : async () => watermarkAt(archivedBefore);
  return {
    archive: failureStores(pipeline).archive,
    stream: pipeline.stream,
    readWatermark: told ?? pipeline.readWatermark,
    now: Date.now,
    onProgress: () => progress.show(`${++objects} objects of the archive read`),
  };
}

function tablePorts({ dynamodb, names, settings }: PipelineConnection) {
  return {
    table: logTable(dynamoCalls(dynamodb), names.table),
    newToken: () => randomUUID().slice(0, 8),
    settings,
  };
}

function codeOf(repairs: readonly Repair[]): number {
  if (repairs.some(({ outcome }) => outcome === 'left')) return exitCodes.left;
  return repairs.some(({ outcome }) => outcome === 'too early') ? exitCodes.early : exitCodes.done;
}
