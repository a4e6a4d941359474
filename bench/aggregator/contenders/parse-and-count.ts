import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { ClickEvent } from '../../../domain/click-event';
import { referrerHost } from '../../../domain/referrer';
import { deviceOf } from '../../../domain/user-agent';
import { addTo, type Counts, createTaken } from './counts';

const counted = createTaken();
export const takeCounts = counted.take;

const hourMs = 3_600_000;

/**
 * As samples have it: decode, parse, and count in a Map by name; a Set of ids against events that come twice. It
 * counts what the product counts, and has devices and hosts from the product's functions, which remember them. It
 * checks nothing but that its input parses, does not know what the table has counted, and prepares no writes.
 */
export async function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  const counts: Counts = new Map();
  const seen = new Set<string>();
  for (const { kinesis } of event.Records) {
    for (const line of Buffer.from(kinesis.data, 'base64').toString('utf8').split('\n')) {
      try {
        const click: ClickEvent = JSON.parse(line);
        if (seen.has(click.eventId)) continue;
        seen.add(click.eventId);
        countClick(counts, click, kinesis.approximateArrivalTimestamp * 1_000);
      } catch {
        console.warn('malformed event');
      }
    }
  }
  counted.add(counts);
  return { batchItemFailures: [] };
}

function countClick(counts: Counts, click: ClickEvent, arrivedAt: number): void {
  const { timestamp, type, page, element, referrer, userAgent } = click;
  const { deviceClass, isBot } = deviceOf(userAgent);
  const values = {
    total: 'all',
    type,
    page,
    element,
    referrer: referrerHost(referrer),
    device: deviceClass,
    bot: isBot ? 'bot' : 'human',
    late: arrivedAt - Date.parse(timestamp) > hourMs ? 'late' : undefined,
  };
  const minute = `minute ${timestamp.slice(0, 16)}:00Z`;
  const hour = `hour ${timestamp.slice(0, 13)}:00:00Z`;
  for (const [dimension, value] of Object.entries(values)) {
    if (value === undefined) continue;
    addTo(counts, `${dimension} ${minute} ${value}`, 1);
    addTo(counts, `${dimension} ${hour} ${value}`, 1);
  }
}
