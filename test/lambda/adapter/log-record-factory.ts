import { gzipSync } from 'node:zlib';
import type { ShardRecord } from '../../../domain/event/shard-lines';
import { realtimeLogFields } from '../../../lambda/adapter/contract';

type RealtimeValues = Partial<Record<(typeof realtimeLogFields)[number], string>>;

const request = {
  timestamp: '1772597167.250',
  'c-ip': '203.0.113.9',
  'sc-status': '200',
  'sc-bytes': '1024',
  'cs-method': 'GET',
  'cs-host': 'shop.example',
  'cs-uri-stem': '/boots',
  'x-edge-request-id': 'k1T-x==',
  'cs-user-agent': 'Mozilla/5.0%20(iPhone)',
  'cs-referer': '-',
  'cs-uri-query': '-',
} as const;

/** A line of CloudFront's real-time log, without its line feed. */
export function realtimeLine(values: RealtimeValues = {}): string {
  return realtimeLogFields.map((name) => ({ ...request, ...values })[name]).join('\t');
}

/** A record as a subscription of CloudWatch Logs puts it. */
export function subscriptionData(
  messages: readonly (string | { readonly id: string; readonly message: string })[],
  messageType = 'DATA_MESSAGE',
): Buffer {
  const logEvents = messages.map((each, index) => ({
    timestamp: 1_772_597_167_250,
    ...(typeof each === 'string' ? { id: `event-${index}`, message: each } : each),
  }));
  const about = { owner: '123456789012', logGroup: '/web/nginx', logStream: 'web-3' };
  return gzipSync(JSON.stringify({ messageType, ...about, subscriptionFilters: ['clicks'], logEvents }));
}

export function shardRecord(data: Buffer | string, sequenceNumber = '4907'): ShardRecord {
  return { sequenceNumber, data: Buffer.from(data), arrivedAt: 1_772_597_168_000 };
}
