import { aggregatorLog, compactorLog, transformerLog } from '../../bench/cost/function-logs';
import { measured } from '../../cost/measured';

describe('What the bill takes for measured', () => {
  it('has every metric that the functions send, and about the bytes that they log', async () => {
    const logs = {
      aggregator: await aggregatorLog(),
      compactor: compactorLog(),
      transformer: await transformerLog(),
    };

    for (const name of ['aggregator', 'compactor', 'transformer'] as const) {
      expect({ name, metrics: logs[name].metrics.length }).toEqual({
        name,
        metrics: measured.embeddedMetrics[name],
      });
      expect(new Set(logs[name].metrics).size).toBe(logs[name].metrics.length);
      expect(logs[name].bytes / measured.logBytes[name]).toBeCloseTo(1, 1);
    }
  });
});
