import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { referrerHost } from '../../../domain/derived/referrer';
import { deviceOf } from '../../../domain/derived/user-agent';
import { optionalFields, requiredFields } from '../../../domain/event/click-event';
import { parseTimestamp } from '../../../domain/event/timestamp';

/**
 * The blueprint with the product's checks and fields, by parsing and printing: what the product would cost without a
 * scanner of its own. (It knows neither duplicate names nor packed records, and long numbers lose their last digits.)
 */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  return {
    records: event.records.map(({ recordId, data, kinesisRecordMetadata: place }) => {
      try {
        const click = JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
        check(click, place!.approximateArrivalTimestamp);
        const host = referrerHost(click.referrer);
        const line = {
          ...click,
          arrivedAt: new Date(place!.approximateArrivalTimestamp).toISOString(),
          shardId: place!.shardId,
          sequenceNumber: place!.sequenceNumber,
          subSequenceNumber: 0,
          ...deviceOf(click.userAgent),
          ...(host === undefined ? {} : { referrerHost: host }),
        };
        return {
          recordId,
          result: 'Ok',
          data: Buffer.from(`${JSON.stringify(line)}\n`).toString('base64'),
        };
      } catch {
        return { recordId, result: 'ProcessingFailed', data };
      }
    }),
  };
}

/** @throws for anything but a click in good order */
function check(click: Readonly<Record<string, unknown>>, arrivedAt: number): void {
  for (const field of requiredFields) {
    if (typeof click[field] !== 'string' || click[field] === '') throw new Error(field);
  }
  for (const field of optionalFields) {
    if (click[field] !== undefined && typeof click[field] !== 'string') throw new Error(field);
  }
  const at = parseTimestamp(click.timestamp as string);
  if (at === undefined || at - arrivedAt > 900_000) throw new Error('timestamp');
}
