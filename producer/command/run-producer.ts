import type { Readable } from 'node:stream';
import { type Clock, elapsedMs, systemClock } from '../../cli/clock';
import { createProducer, type ProducerClient, type ProducerSettings } from '../client/producer';
import type { Accepted, NotAccepted, ProducerStats, Receipt } from '../client/receipt';
import type { SourceEvent, SourceItem, UnreadableLine } from '../sources/event-source';
import { openSource } from '../sources/open';
import { type FeedEnd, feed } from './feed';
import type { Traffic } from './options';

export interface RunPorts {
  readonly client: ProducerClient;
  readonly streamName: string;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Aborted: reading stops, and what was read is sent. */
  readonly signal?: AbortSignal;
  /** @default process.stdin */
  readonly stdin?: Readable;
  /** Wraps the source: told of each item as it is read, before it is sent, and may leave items out. The ledger does. */
  readonly through?: (items: AsyncIterable<SourceItem>) => AsyncIterable<SourceItem>;
  /** Told of the bytes of each chunk that is read of an input file, as they are stored. */
  readonly onRead?: (bytes: number) => void;
  readonly onAccepted?: (event: SourceEvent, receipt: Accepted) => void;
  readonly onFailed?: (event: SourceEvent, receipt: NotAccepted) => void;
  readonly onSkipped?: (line: UnreadableLine) => void;
  /** See `ProducerOptions`. */
  readonly onShardsUnknown?: (why: Error) => void;
}

export interface RunStats extends Omit<ProducerStats, 'produced'> {
  /** Events read or generated. Each is accepted, failed or outstanding. */
  readonly read: number;
  /** Lines that are not events, and were not sent. */
  readonly skippedLines: number;
  /** Lines that `--exclude` left out. */
  readonly excludedLines: number;
  /** How late the newest event was against the rate or the replay. More than some milliseconds: it cannot keep up. */
  readonly behindMs: number;
  readonly elapsedMs: number;
}

export interface RunSummary extends RunStats {
  /** What ended the reading; `fault`: the producer had to stop. */
  readonly endedBy: FeedEnd | 'fault';
  /** Why the producer stopped sending, if it did. */
  readonly fault: Error | undefined;
}

export interface ProducerRun {
  /** How it stands, at any time. */
  stats(): RunStats;
  /**
   * Resolves when all that was read has its outcome. Rejects with a `SetupError` for an input that cannot be opened,
   * and with the system's error for one that fails while it is read.
   */
  readonly finished: Promise<RunSummary>;
}

/** Sends what `traffic` describes to a stream: the whole run, as the command and the laptop both need it. */
export function runProducer(traffic: Traffic, ports: RunPorts, settings: ProducerSettings = {}): ProducerRun {
  const { clock = systemClock, client, streamName, random = Math.random, onShardsUnknown } = ports;
  // One event a second has no company to wait for.
  const linger = traffic.isDefault ? { lingerMs: 0 } : {};
  const producer = createProducer({
    ...linger,
    ...settings,
    client,
    streamName,
    clock,
    random,
    ...(onShardsUnknown ? { onShardsUnknown } : {}),
  });
  const startedAt = elapsedMs(clock);
  let skippedLines = 0;
  let excludedLines = 0;
  let behindMs = 0;

  const stats = (): RunStats => {
    const { produced, ...counts } = producer.stats();
    const lines = { skippedLines, excludedLines };
    return { read: produced, ...counts, ...lines, behindMs, elapsedMs: elapsedMs(clock) - startedAt };
  };

  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(ports.signal ? [ports.signal] : [])]);
  let broken: unknown;

  const settled = (receipt: Receipt, event: SourceEvent) => {
    if (!receipt.accepted && receipt.reason === 'refused') stop.abort();
    try {
      if (receipt.accepted) ports.onAccepted?.(event, receipt);
      else ports.onFailed?.(event, receipt);
    } catch (error) {
      // The caller could not take a receipt (its disk is full, say): those that follow would get lost as well.
      broken ??= error;
      stop.abort();
    }
  };

  const emit = (event: SourceEvent) => producer.deliver(event, settled);

  const skip = (line: UnreadableLine) => {
    skippedLines++;
    ports.onSkipped?.(line);
  };

  const run = async (): Promise<RunSummary> => {
    try {
      const opened = await openSource(traffic.input, {
        clock,
        signal,
        stdin: ports.stdin,
        onRead: ports.onRead,
        onExcluded: () => excludedLines++,
      });
      const source = ports.through?.(opened) ?? opened;
      const ready = () => (producer.hasRoom() ? undefined : producer.room());
      const behind = (ms: number) => {
        behindMs = ms;
      };
      const endedBy = await feed(source, traffic, { clock, signal, stop, ready, emit, skip, behind });
      await producer.close();
      if (broken !== undefined) throw broken;
      const fault = producer.fault();
      return { ...stats(), endedBy: fault ? 'fault' : endedBy, fault };
    } finally {
      stop.abort();
      await producer.close();
    }
  };

  return { stats, finished: run() };
}
