import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import type { Flow } from '../flow';
import type { PriceList } from '../prices';
import { billedUnits, gib, hoursPerMonth, kib, secondsPerHour, secondsPerMonth } from '../units';

/** A record is billed in units of this (AWS: Kinesis pricing, PUT payload unit). */
const putUnitBytes = 25 * kib;
/** On demand, a record is rounded up to this. */
const onDemandUnitBytes = kib;

const includedHours = 24;
const extendedHours = 7 * 24;

type StreamSettings = Pick<Settings, 'streamMode' | 'streamRetentionHours'>;

const line = costLine.bind(undefined, 'Kinesis Data Streams');

/** The stream, in its mode. */
export function kinesisLines(flow: Flow, settings: StreamSettings, list: PriceList): CostLine[] {
  const lines = settings.streamMode === 'on-demand' ? onDemandLines : provisionedLines;
  return [...lines(flow, settings, list), ...longTermLines(flow, settings, list)];
}

function provisionedLines(
  { shards, recordsPerSecond, recordBytes }: Flow,
  { streamRetentionHours }: StreamSettings,
  { prices }: PriceList,
): CostLine[] {
  const shardHours = shards * hoursPerMonth;
  const units = billedUnits(recordBytes, putUnitBytes);
  return [
    line(`shards: ${shards}`, shardHours, prices.shardHour),
    line(`units of 25 KB a record: ${units}`, recordsPerSecond * secondsPerMonth * units, prices.putUnit),
    ...(streamRetentionHours > includedHours
      ? [line(`kept beyond ${includedHours} h`, shardHours, prices.extendedRetentionShardHour)]
      : []),
  ];
}

function onDemandLines(
  { recordsPerSecond, recordBytes, readers }: Flow,
  { streamRetentionHours }: StreamSettings,
  { prices }: PriceList,
): CostLine[] {
  const billedBytes = billedUnits(recordBytes, onDemandUnitBytes) * onDemandUnitBytes;
  const gigabytes = (bytes: number) => (bytes * recordsPerSecond * secondsPerMonth) / gib;
  const extended = Math.min(streamRetentionHours, extendedHours) - includedHours;
  const kept = (recordsPerSecond * recordBytes * extended * secondsPerHour) / gib;
  return [
    line('stream', hoursPerMonth, prices.onDemandStreamHour),
    line(`in: a record as ${billedBytes / kib} KB`, gigabytes(billedBytes), prices.onDemandIn),
    line(`out: to ${readers} consumers`, readers * gigabytes(recordBytes), prices.onDemandOut),
    ...(extended > 0 ? [line(`kept beyond ${includedHours} h`, kept, prices.onDemandExtendedRetention)] : []),
  ];
}

/** Beyond seven days both modes pay by what is kept. */
function longTermLines(
  { recordsPerSecond, recordBytes }: Flow,
  { streamRetentionHours }: StreamSettings,
  { prices }: PriceList,
): CostLine[] {
  const hours = streamRetentionHours - extendedHours;
  if (hours <= 0) return [];
  const kept = (recordsPerSecond * recordBytes * hours * secondsPerHour) / gib;
  return [line(`kept beyond ${extendedHours} h`, kept, prices.longTermRetention)];
}
