import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import type { Flow, Traffic } from '../flow';
import { measured } from '../measured';
import type { PriceList } from '../prices';
import { gib, hoursPerMonth, secondsPerMonth } from '../units';
import { firehoseBytes } from './firehose';
import { type Invocations, lambdaLines } from './lambda';
import { s3Lines } from './s3';

type ParquetSettings = Pick<
  Settings,
  | 'parquet'
  | 'streamMode'
  | 'alarms'
  | 'archiveBufferSeconds'
  | 'archiveInfrequentAccessDays'
  | 'archiveGlacierDays'
  | 'archiveExpiryDays'
>;

/** Of a delivery stream that converts (`lib/delivery-stream.ts`). */
const buffer = { mib: 128, leastSeconds: 60 };

/**
 * The Parquet copy: a third reader of the stream, Firehose and the transformer once more, the conversion, and what is kept.
 *
 * @param transformer of the archive, which the copy's does the same as
 * @param month how many months the pipeline has run for, at the end of the one that is billed
 */
export function parquetLines(
  flow: Flow,
  traffic: Traffic,
  transformer: Invocations,
  settings: ParquetSettings,
  month: number,
  list: PriceList,
): CostLine[] {
  if (!settings.parquet) return [];
  const { prices } = list;
  const gigabytes = firehoseBytes(flow, traffic) / gib;
  const stored = {
    ...settings,
    archiveBufferMiB: buffer.mib,
    archiveBufferSeconds: Math.max(buffer.leastSeconds, settings.archiveBufferSeconds),
  };
  const logged = (transformer.count * measured.logBytes.transformer) / gib;
  const metrics = measured.embeddedMetrics.transformer * Math.min(1, transformer.count / hoursPerMonth);
  return [
    ...(settings.streamMode === 'on-demand'
      ? [
          costLine(
            'Kinesis Data Streams',
            'Parquet: out to one more consumer',
            (flow.recordsPerSecond * flow.recordBytes * secondsPerMonth) / gib,
            prices.onDemandOut,
          ),
        ]
      : []),
    costLine('Firehose', 'Parquet: records', gigabytes, prices.firehose),
    costLine('Firehose', 'Parquet: conversion', gigabytes, prices.firehoseConversion),
    ...lambdaLines('Parquet transformer', transformer, list),
    ...s3Lines(traffic, stored, month, list, {
      prefix: 'Parquet: ',
      compressed: measured.parquet.compressed,
    }),
    costLine('CloudWatch', 'Parquet: metrics of the transformer', metrics, prices.customMetric),
    costLine('CloudWatch', 'Parquet: logs written', logged, prices.logIngestion),
    ...(settings.alarms
      ? [
          costLine(
            'CloudWatch',
            'Parquet: metrics under an alarm',
            measured.parquet.alarmMetrics,
            prices.alarmMetric,
          ),
        ]
      : []),
  ];
}
