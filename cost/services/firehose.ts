import { type CostLine, costLine } from '../cost-line';
import type { Flow, Traffic } from '../flow';
import type { PriceList } from '../prices';
import { billedUnits, gib, kib, secondsPerMonth } from '../units';

/** Each record is rounded up to this (AWS: Firehose pricing). */
const unitBytes = 5 * kib;

export function firehoseLines(
  flow: Flow,
  { packing, eventBytes, eventsPerSecond }: Traffic,
  { prices }: PriceList,
): CostLine[] {
  // Firehose takes aggregates apart; whether it rounds before or after is not said. After is the dearer reading.
  const takesApart = packing === 'kpl';
  const perSecond = takesApart ? eventsPerSecond : flow.recordsPerSecond;
  const billedBytes = billedUnits(takesApart ? eventBytes : flow.recordBytes, unitBytes) * unitBytes;
  const driver = `${takesApart ? 'an event' : 'a record'} as ${billedBytes / kib} KB`;
  return [costLine('Firehose', driver, (perSecond * billedBytes * secondsPerMonth) / gib, prices.firehose)];
}
