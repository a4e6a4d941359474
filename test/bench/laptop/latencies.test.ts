import { latenciesOf } from '../../../bench/laptop/latencies';

describe('latencies', () => {
  it('are told by the nearest rank', () => {
    const millis = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(latenciesOf(millis)).toEqual({ count: 200, p50: 100, p99: 198, most: 200 });
    expect(latenciesOf([7])).toEqual({ count: 1, p50: 7, p99: 7, most: 7 });
    expect(latenciesOf([])).toBeUndefined();
  });
});
