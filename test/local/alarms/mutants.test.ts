import type { Alarm } from '../../../alarms/evaluation/alarm';
import { alarmId, deploymentOf, problemsOf } from './prove';
import { scenarios } from './scenarios';

const deployment = deploymentOf('dev');

/** The proof of an alarm that is changed, by the first failure that it is proven with. */
async function proofOf(id: string, change: (alarm: Alarm) => Partial<Alarm>): Promise<readonly string[]> {
  const alarm = deployment.alarms.find(({ name }) => alarmId(name) === id)!;
  const scenario = scenarios.find(({ alarms }) => alarms.includes(id))!;
  const mutated = { ...deployment, alarms: [{ ...alarm, ...change(alarm) }] };
  return problemsOf(mutated, { ...scenario, alarms: [id] });
}

/** With other dimensions of each of its metrics. */
const dimensioned =
  (change: (dimensions: Record<string, string>) => Record<string, string>) =>
  ({ metrics }: Alarm): Partial<Alarm> => ({
    metrics: new Map(
      [...metrics].map(([id, { metric, statistic }]) => [
        id,
        { statistic, metric: { ...metric, dimensions: change({ ...metric.dimensions }) } },
      ]),
    ),
  });

describe('The proof of an alarm fails', () => {
  it('if a dimension is missing', async () => {
    const problems = await proofOf(
      'TableWritesFail',
      dimensioned(({ Operation: _, ...rest }) => rest),
    );
    expect(problems).toContain('TableWritesFail is OK while it lasts');
  });

  it('if a dimension has an ARN for a name', async () => {
    const problems = await proofOf(
      'ProcessingFails',
      dimensioned(({ DeliveryStreamName }) => ({
        DeliveryStreamName: `arn:aws:firehose:${DeliveryStreamName}`,
      })),
    );
    expect(problems).toContain('ProcessingFails is OK while it lasts');
  });

  it('if the threshold is out of reach', async () => {
    const problems = await proofOf('AggregatorSlow', ({ threshold }) => ({ threshold: threshold * 2 }));
    expect(problems).toContain('AggregatorSlow is OK while it lasts');
  });

  it.each([
    ['missing', 'INSUFFICIENT_DATA'],
    ['ignore', 'ALARM'],
    ['breaching', 'ALARM'],
  ] as const)('if missing data is %s where it should not be', async (missingData, state) => {
    const problems = await proofOf('AggregatorErrors', () => ({ missingData }));
    expect(problems).toContain(`AggregatorErrors is ${state} when no metric has data any more`);
  });

  it('if missing data is fine where nobody may be left to send any', async () => {
    const problems = await proofOf('StreamBehind', () => ({ missingData: 'notBreaching' }));
    expect(problems).toEqual(['StreamBehind is OK when no metric has data any more']);
  });
});
