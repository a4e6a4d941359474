import type { Readable } from 'node:stream';
import { type Clock, elapsedMs, systemClock } from './clock';
import type { SourceEvent, UnreadableLine } from './event-sources/event-source';
import { openSource } from './event-sources/open';
import { type FeedEnd, feed } from './feed';
import type { Traffic } from './options';
import { createProducer, type ProducerSettings } from './producer';
import type { PutRecordsClient } from './put-records';
import type { Accepted, NotAccepted, ProducerStats } from './receipt';

export interface RunPorts {
  readonly client: PutRecordsClient;
  readonly streamName: string;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Aborted: reading stops, and what was read is sent. */
  readonly signal?: AbortSignal;
  /** @default process.stdin */
  readonly stdin?: Readable;
  readonly onAccepted?: (event: SourceEvent, receipt: Accepted) => void;
  readonly onFailed?: (event: SourceEvent, receipt: NotAccepted) => void;
  readonly onSkipped?: (line: UnreadableLine) => void;
}

export interface RunStats extends Omit<ProducerStats, 'produced'> {
  /** Events read or generated. Each is accepted, failed or outstanding. */
  readonly read: number;
  /** Lines that are not events, and were not sent. */
  readonly skippedLines: number;
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
  const { clock = systemClock, client, streamName, random = Math.random } = ports;
  // One event a second has no company to wait for.
  const linger = traffic.isDefault ? { lingerMs: 0 } : {};
  const producer = createProducer({ ...linger, ...settings, client, streamName, clock, random });
  const startedAt = elapsedMs(clock);
  let skippedLines = 0;

  const stats = (): RunStats => {
    const { produced, ...counts } = producer.stats();
    return { read: produced, ...counts, skippedLines, elapsedMs: elapsedMs(clock) - startedAt };
  };

  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(ports.signal ? [ports.signal] : [])]);
  const underWay = new Set<Promise<void>>();
  let broken: unknown;

  const deliver = async (event: SourceEvent) => {
    const receipt = await producer.send(event);
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

  const emit = (event: SourceEvent) => {
    const delivery = deliver(event).finally(() => underWay.delete(delivery));
    underWay.add(delivery);
  };

  const skip = (line: UnreadableLine) => {
    skippedLines++;
    ports.onSkipped?.(line);
  };

  const run = async (): Promise<RunSummary> => {
    try {
      const source = await openSource(traffic.input, { clock, signal, stdin: ports.stdin });
      const endedBy = await feed(source, traffic, { clock, signal, stop, ready: producer.room, emit, skip });
      await producer.close();
      await Promise.all(underWay);
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
