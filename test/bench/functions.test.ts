import type { Result } from '../../bench/compare';
import { aggregators, transformers } from '../../bench/functions/contenders';
import { aggregatorEvents, transformerEvents } from '../../bench/functions/events';
import { isRightAnswer } from '../../bench/functions/functions';
import { loadFunction } from '../../bench/functions/load-function';
import { rightByName, runBench } from './run-bench';

const product = transformers.find(({ name }) => name === 'product')!;

describe('the benchmark of the functions', () => {
  beforeAll(() => {
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });
  afterAll(() => jest.restoreAllMocks());

  it('compares contenders that all count and answer right', async () => {
    const { shapes } = await runBench<{ shapes: { name: string; results: Result[] }[] }>('functions');

    const aggregators = { product: true, 'product-prod': true, baseline: true, floor: true };
    expect(shapes.map(({ name, results }) => [name, rightByName(results)])).toEqual([
      ['aggregator, 300 events', aggregators],
      ['aggregator, 300 events, 30 to a record', aggregators],
      [
        'transformer, an event of 0.3 MB',
        { product: true, 'same-job': true, blueprint: true, identity: true },
      ],
    ]);
    for (const { figures } of shapes.flatMap(({ results }) => results))
      expect(figures.cpuMs!.median).toBeGreaterThan(0);
  }, 120_000);

  it('reads from the aggregator’s deltas what it has counted, each batch once', async () => {
    const { entry, settings } = aggregators.find(({ name }) => name === 'product')!;
    const aggregator = await loadFunction(entry, settings);
    const coming = aggregatorEvents({ shard: 'shardId-7', events: 90, eventsPerRecord: 4 });
    const body = coming.next().value;
    await aggregator.invoke(body);
    const counts = aggregator.takeCounts();
    const hours = [...counts].filter(([counter]) => counter.startsWith('total hour 2026-01-01T'));
    expect(hours.reduce((sum, [, count]) => sum + count, 0)).toBe(90);
    // The same batch once more: nothing is left to do.
    await aggregator.invoke(body);
    expect(aggregator.takeCounts()).toEqual(new Map());
  }, 60_000);

  it('has one malformed record in a hundred, in an event of the size that was asked for', () => {
    const coming = transformerEvents(300_000);
    const [first, second] = [coming.next().value, coming.next().value];
    expect(first.body.length).toBeGreaterThan(296_000);
    expect(first.body.length).toBeLessThanOrEqual(300_000);
    expect(first.sent.filter(({ is }) => is !== 'click').length).toBe(Math.floor(first.sent.length / 100));
    const texts = [...first.sent, ...second.sent].filter(({ is }) => is === 'click').map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
    expect(Math.min(...texts.map(({ length }) => length))).toBeGreaterThanOrEqual(350);
  });

  it('tells a wrong answer from a right one', async () => {
    const event = transformerEvents(50_000).next().value;
    const { invoke } = await loadFunction(product.entry);
    const answer = await invoke(event.body);
    const isStillRight = (change: (records: { result: string; data?: string }[]) => unknown) => {
      const parsed = JSON.parse(answer.toString());
      change(parsed.records);
      return isRightAnswer(Buffer.from(JSON.stringify(parsed)), event, product);
    };

    expect(isStillRight(() => {})).toBe(true);
    expect(isStillRight((records) => records.pop())).toBe(false);
    expect(isStillRight((records) => records.reverse())).toBe(false);
    expect(isStillRight((records) => Object.assign(records[3]!, { result: 'ProcessingFailed' }))).toBe(false);
    expect(isStillRight((records) => Object.assign(records[3]!, { data: records[4]!.data }))).toBe(false);
  }, 60_000);
});
