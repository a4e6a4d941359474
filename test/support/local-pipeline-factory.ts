import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpointsFileName, type LocalPipeline } from '../../cli/local-pipeline';
import { retentionSettings } from './retention-factory';

/** Where a pipeline on this machine might have everything; no two settings are the same. */
export function localPipeline(overrides: Partial<LocalPipeline> = {}): LocalPipeline {
  return {
    region: 'eu-north-1',
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'hush' },
    endpoints: {
      kinesis: 'http://127.0.0.1:4599',
      dynamodb: 'http://127.0.0.1:4600',
      s3: 'http://127.0.0.1:4601',
      firehose: 'http://127.0.0.1:4602',
      dashboard: 'http://127.0.0.1:4603',
    },
    stream: 'Clicks-Stream-1',
    table: 'Clicks-Aggregates-2',
    buckets: { archive: 'clicks-archive-3', onFailure: 'clicks-failures-4' },
    deliveryStream: 'Clicks-Delivery-5',
    aggregation: {
      ...retentionSettings({ minuteRetentionDays: 6, hourRetentionDays: 8, dayRetentionDays: 10 }),
      minutesForDays: 5,
      logDays: 12,
      maxRecordAgeSeconds: 7_200,
      deduplicationSeconds: 90,
      uniqueVisitors: 'total',
    },
    ...overrides,
  };
}

/** Writes what `readLocalPipeline` reads; text is written as it is. */
export function writeLocalPipeline(directory: string, file: string | object): void {
  mkdirSync(directory, { recursive: true });
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  writeFileSync(join(directory, endpointsFileName), text);
}
