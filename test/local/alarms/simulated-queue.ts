import type { RecordMetric } from '../../../local/metrics/metric-store';

/** SQS docs: Monitoring Amazon SQS with CloudWatch. Whether messages that nobody receives keep it active is not clear. */
const activeMs = 6 * 3_600_000;

/** A queue, of which SQS sends a metric each minute for as long as the last call makes it active. */
export function simulatedQueue(arn: string, record: RecordMetric, now: () => number) {
  const dimensions = { QueueName: arn.split(':').at(-1)! };
  const metric = { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', dimensions };
  let messages = 0;
  let calledAt = now();
  return {
    send: (): void => {
      messages++;
      calledAt = now();
    },
    empty: (): void => {
      messages = 0;
      calledAt = now();
    },
    measure: (): void => {
      if (now() - calledAt < activeMs) record(metric, messages);
    },
  };
}
