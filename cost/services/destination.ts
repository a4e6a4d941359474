import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import type { Flow, Traffic } from '../flow';
import { measured } from '../measured';
import type { PriceList } from '../prices';
import { gib, hoursPerMonth } from '../units';
import { firehoseLines } from './firehose';
import { type Invocations, lambdaLines } from './lambda';

export interface DestinationFlow {
  readonly traffic: Traffic;
  readonly flow: Flow;
  /** Called for the same records, and with the same buffers, as the transformer. */
  readonly forwarder: Invocations;
}

/** Of a second delivery stream: what Firehose takes is charged again. What the destination itself costs is not here. */
export function destinationLines(
  { traffic, flow, forwarder }: DestinationFlow,
  { destination, alarms }: Pick<Settings, 'destination' | 'alarms'>,
  list: PriceList,
): CostLine[] {
  if (destination === 'off') return [];
  const { prices } = list;
  const { alarmMetrics, embeddedMetrics } = measured.destination;
  const logged = (forwarder.count * measured.logBytes.transformer) / gib;
  const metrics = embeddedMetrics * Math.min(1, forwarder.count / hoursPerMonth);
  return [
    ...firehoseLines(flow, traffic, list).map((line) => ({ ...line, driver: `destination: ${line.driver}` })),
    ...lambdaLines('forwarder', forwarder, list),
    costLine('CloudWatch', 'destination: logs written', logged, prices.logIngestion),
    costLine('CloudWatch', 'destination: metrics of the forwarder', metrics, prices.customMetric),
    ...(alarms
      ? [costLine('CloudWatch', 'destination: metrics under an alarm', alarmMetrics, prices.alarmMetric)]
      : []),
  ];
}
