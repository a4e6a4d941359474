import type { Clock } from '../clock';
import type { Held } from './held';
import type { Span } from './ledger';

export interface BufferedRecord {
  readonly bytes: Buffer;
  readonly arrivedAt: number;
  readonly span: Span;
}

export interface RecordBuffer<R extends BufferedRecord = BufferedRecord> {
  /** Takes a record; its span is held until the record is stored. */
  add(record: R): void;
  /** Closes what is buffered now, without waiting for it to be stored. */
  seal(): void;
  /** Resolves when everything added so far is stored, or the signal has aborted. */
  flush(): Promise<void>;
  /** When the open batch is closed at the latest; infinite if none is open. */
  closesAt(): number;
}

export interface RecordBufferContext<R extends BufferedRecord> {
  readonly sizeBytes: number;
  /** @default any number */
  readonly maxRecords?: number;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly held: Held;
  readonly signal: AbortSignal;
  /** False when the signal has aborted before. */
  readonly store: (records: readonly R[]) => Promise<boolean>;
  /** Told when a batch is closed, for whatever reason. */
  readonly onSealed?: () => void;
  /** Told of a defect: a batch that cannot even be made. */
  readonly onCrash: (error: unknown) => void;
}

interface OpenBatch<R> {
  readonly records: R[];
  readonly closed: AbortController;
  readonly closesAt: number;
  bytes: number;
}

/** Gathers records to a batch of about `sizeBytes`, or of `intervalMs` since its first record, and stores it. */
export function createRecordBuffer<R extends BufferedRecord>(
  context: RecordBufferContext<R>,
): RecordBuffer<R> {
  const { clock, held, sizeBytes, maxRecords = Infinity, intervalMs, signal } = context;
  const underWay = new Set<Promise<void>>();
  let open: OpenBatch<R> | undefined;

  const seal = () => {
    if (!open) return;
    const { records, closed } = open;
    open = undefined;
    closed.abort();
    const storing = store(records)
      .catch(context.onCrash)
      .finally(() => underWay.delete(storing));
    underWay.add(storing);
    context.onSealed?.();
  };

  const sealAfterInterval = async (batch: OpenBatch<R>) => {
    await clock.sleep(intervalMs, batch.closed.signal);
    if (open === batch && !signal.aborted) seal();
  };

  const store = async (records: readonly R[]) => {
    const stored = await context.store(records);
    if (!stored) return;
    for (const { bytes, span } of records) {
      held.remove(1, bytes.byteLength);
      span.release();
    }
  };

  return {
    add: (record) => {
      if (!open) {
        open = { records: [], closed: new AbortController(), closesAt: clock.now() + intervalMs, bytes: 0 };
        void sealAfterInterval(open);
      }
      record.span.hold();
      held.add(1, record.bytes.byteLength);
      open.records.push(record);
      open.bytes += record.bytes.byteLength;
      if (open.bytes >= sizeBytes || open.records.length >= maxRecords) seal();
    },
    seal,
    flush: async () => {
      seal();
      await Promise.all(underWay);
    },
    closesAt: () => open?.closesAt ?? Number.POSITIVE_INFINITY,
  };
}
