import { type CostLine, costLine } from '../cost-line';
import type { Flow, Traffic } from '../flow';
import type { PriceList } from '../prices';
import { billedUnits, gib, kib, secondsPerMonth } from '../units';

/** Each record is rounded up to this (AWS: Firehose pricing). */
const unitBytes = 5 * kib;

/** What a delivery stream is billed for in a month, in bytes. */
export function firehoseBytes(flow: Flow, { packing, eventBytes, eventsPerSecond }: Traffic): number {
  const perSecond = packing === 'kpl' ? eventsPerSecond : flow.recordsPerSecond;
  return perSecond * billedBytes(flow, { packing, eventBytes }) * secondsPerMonth;
}

/** Firehose takes aggregates apart; whether it rounds before or after is not said. After is the dearer reading. */
function billedBytes(flow: Flow, { packing, eventBytes }: Pick<Traffic, 'packing' | 'eventBytes'>): number {
  return billedUnits(packing === 'kpl' ? eventBytes : flow.recordBytes, unitBytes) * unitBytes;
}

export function firehoseLines(flow: Flow, traffic: Traffic, { prices }: PriceList): CostLine[] {
  const of = traffic.packing === 'kpl' ? 'an event' : 'a record';
  const driver = `${of} as ${billedBytes(flow, traffic) / kib} KB`;
  return [costLine('Firehose', driver, firehoseBytes(flow, traffic) / gib, prices.firehose)];
}
