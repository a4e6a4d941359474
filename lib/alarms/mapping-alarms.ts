import type { IEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import { type AlarmRule, onceInAQuarter } from './alarm-rule';
import { functionMetrics } from './function-alarms';
import { metric } from './metrics';

type Named = Pick<AlarmRule, 'id' | 'meaning'>;

/** What happens to batches that are not tried any more, by what each alarm is called and means. */
export function givenUpAlarms(
  mapping: IEventSourceMapping,
  of: IFunction,
  { delivered, dropped, refused }: Readonly<Record<'delivered' | 'dropped' | 'refused', Named>>,
): readonly AlarmRule[] {
  const any = { is: 'above', threshold: 0, breaching: onceInAQuarter, withoutData: 'is fine' } as const;
  const ofMapping = (name: string) =>
    metric(
      'AWS/Lambda',
      { EventSourceMappingUUID: mapping.eventSourceMappingId },
      { name, statistic: 'Sum', periodSeconds: 60 },
    );
  const failures = { name: 'DestinationDeliveryFailures', statistic: 'Sum', periodSeconds: 60 } as const;
  return [
    { ...delivered, metric: ofMapping('OnFailureDestinationDeliveredEventCount'), ...any },
    { ...dropped, metric: ofMapping('DroppedEventCount'), ...any },
    { ...refused, metric: functionMetrics(of)(failures), ...any },
  ];
}
