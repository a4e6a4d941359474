import type { FirehoseTransformationEventRecord } from 'aws-lambda';
import type { ArchivePlace } from '../../domain/archive/archive-line';
import { eventIndex } from '../../domain/event/position';

/** The place of the first event of a record that Firehose hands over. */
export function firstPlaceIn(record: FirehoseTransformationEventRecord): ArchivePlace {
  const { approximateArrivalTimestamp, kinesisRecordMetadata: metadata } = record;
  if (!metadata) {
    return {
      arrivedAt: approximateArrivalTimestamp,
      shardId: '',
      sequenceNumber: '',
      subSequenceNumber: 0,
    };
  }
  return {
    arrivedAt: metadata.approximateArrivalTimestamp ?? approximateArrivalTimestamp,
    shardId: metadata.shardId ?? '',
    sequenceNumber: metadata.sequenceNumber ?? '',
    // The types of the event say that it is a string; recorded events have a number.
    subSequenceNumber: eventIndex(Number(metadata.subsequenceNumber ?? 0), 0),
  };
}
