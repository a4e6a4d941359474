import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { referrerHost } from '../../../domain/derived/referrer';
import { deviceOf } from '../../../domain/derived/user-agent';
import type { ClickEvent } from '../../../domain/event/click-event';

/** Events by `dimension window start value`, for example `page minute 2026-01-01T12:00:00Z /pricing`. */
export type Counts = Map<string, number>;

/** The product's, but for those that clicks of a page never count in, and what is malformed or comes twice. */
const dimensions = ['total', 'type', 'page', 'element', 'referrer', 'device', 'bot', 'late'] as const;
const lateMs = 3_600_000;

let windows = new Map<string, readonly Counts[]>();

/**
 * The aggregator as samples have it: decode, parse, count in a Map for each window and dimension; a Set of ids against
 * events that come twice. It checks nothing but that its input parses, does not know what the table has counted, and
 * prepares no writes. Devices and hosts are told by the product's functions, which remember them.
 */
export async function handler({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  const seen = new Set<string>();
  for (const { kinesis } of Records) {
    for (const line of Buffer.from(kinesis.data, 'base64').toString('utf8').split('\n')) {
      try {
        const click: ClickEvent = JSON.parse(line);
        if (seen.has(click.eventId)) continue;
        seen.add(click.eventId);
        count(click, kinesis.approximateArrivalTimestamp * 1_000);
      } catch {
        console.warn('malformed event');
      }
    }
  }
  return { batchItemFailures: [] };
}

function count(click: ClickEvent, arrivedAt: number): void {
  const { timestamp, type, page, element, referrer, userAgent } = click;
  const { deviceClass, isBot } = deviceOf(userAgent);
  const isLate = arrivedAt - Date.parse(timestamp) > lateMs;
  const host = referrerHost(referrer);
  const bot = isBot ? 'bot' : 'human';
  const values = ['all', type, page, element, host, deviceClass, bot, isLate ? 'late' : undefined];
  const starts = [
    `minute ${timestamp.slice(0, 16)}:00Z`,
    `hour ${timestamp.slice(0, 13)}:00:00Z`,
    `day ${timestamp.slice(0, 10)}T00:00:00Z`,
  ];
  for (const window of starts) {
    const counts = windows.get(window) ?? dimensions.map((): Counts => new Map());
    windows.set(window, counts);
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (value !== undefined) counts[index]!.set(value, (counts[index]!.get(value) ?? 0) + 1);
    }
  }
}

/** What it has counted since the last time. */
export function takeCounts(): Counts {
  const taken: Counts = new Map();
  for (const [window, byDimension] of windows) {
    for (const [index, counts] of byDimension.entries()) {
      for (const [value, events] of counts) taken.set(`${dimensions[index]} ${window} ${value}`, events);
    }
  }
  windows = new Map();
  return taken;
}
