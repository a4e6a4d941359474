import type { LambdaFunction } from '../../../local/function-runtime/lambda-function';
import { measuredFunction, tooManyRequests } from '../../../local/metrics/measured-function';

function measured(invoke: LambdaFunction['invoke'], tookMs = 0) {
  const found: Record<string, number> = {};
  let now = 1_000;
  const fn = measuredFunction(
    {
      arn: 'arn',
      name: 'aggregator-6',
      roleArn: 'role',
      invoke: (event) => {
        now += tookMs;
        return invoke(event);
      },
    },
    ({ name, dimensions }, value) => {
      expect(dimensions).toEqual({ FunctionName: 'aggregator-6' });
      found[name] = value;
    },
    { now: () => now },
  );
  return { fn, found };
}

describe('The metrics of a function', () => {
  it('have each invocation, how long it took, and that it did not fail', async () => {
    const { fn, found } = measured(async () => ({ kind: 'returned', payload: 1, payloadBytes: 1 }), 250);
    await fn.invoke('{}');
    expect(found).toEqual({ Invocations: 1, Errors: 0, Duration: 250, Throttles: 0 });
  });

  it('have an error for one that failed', async () => {
    const { fn, found } = measured(async () => ({ kind: 'failed', errorType: 'E', errorMessage: '' }));
    await fn.invoke('{}');
    expect(found).toMatchObject({ Invocations: 1, Errors: 1 });
  });

  it('have a throttle, and no invocation, for one that was refused', async () => {
    const refused = Object.assign(new Error('Rate Exceeded.'), { name: tooManyRequests });
    const { fn, found } = measured(() => Promise.reject(refused));
    await expect(fn.invoke('{}')).rejects.toBe(refused);
    expect(found).toEqual({ Throttles: 1 });
  });

  it('have nothing of a function that is closed', async () => {
    const { fn, found } = measured(() => Promise.reject(new Error('closed')));
    await expect(fn.invoke('{}')).rejects.toThrow('closed');
    expect(found).toEqual({});
  });
});
