import type { IEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import { type AlarmRule, anyAtAll } from './alarm-rule';
import { functionMetrics } from './function-alarms';
import { metric } from './metrics';

type Named = Pick<AlarmRule, 'id' | 'meaning'>;

/** What happens to batches that are not tried any more, by what each alarm is called and means. */
export function givenUpAlarms(
  mapping: IEventSourceMapping,
  of: IFunction,
  { delivered, dropped, refused }: Readonly<Record<'delivered' | 'dropped' | 'refused', Named>>,
): readonly AlarmRule[] {
  const ofMapping = (name: string) =>
    metric(
      'AWS/Lambda',
      { EventSourceMappingUUID: mapping.eventSourceMappingId },
      { name, statistic: 'Sum', periodSeconds: 60 },
    );
  const failures = { name: 'DestinationDeliveryFailures', statistic: 'Sum', periodSeconds: 60 } as const;
  return [
    { ...delivered, metric: ofMapping('OnFailureDestinationDeliveredEventCount'), ...anyAtAll },
    { ...dropped, metric: ofMapping('DroppedEventCount'), ...anyAtAll },
    { ...refused, metric: functionMetrics(of)(failures), ...anyAtAll },
  ];
}
