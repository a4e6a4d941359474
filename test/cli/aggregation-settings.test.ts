import { parseAggregationSettings, readAggregationSettings } from '../../cli/aggregation-settings';
import { SetupError } from '../../cli/setup-error';
import { retentionSettings } from '../support/retention-factory';
import { type CloudFormationServer, startCloudFormation } from './cloudformation-server';

const settings = {
  ...retentionSettings({ minuteRetentionDays: 3, hourRetentionDays: 5, dayRetentionDays: 7 }),
  minutesForDays: 2,
  logDays: 9,
  maxRecordAgeSeconds: 7_200,
  deduplicationSeconds: 70,
  uniqueVisitors: 'total',
} as const;

describe("the aggregator's settings", () => {
  let server: CloudFormationServer;
  beforeAll(async () => {
    server = await startCloudFormation({ Counters: { AggregatorSettings: JSON.stringify(settings) } });
  });
  afterAll(() => server.close());

  it('are read from the output of a deployed stack', async () => {
    expect(await readAggregationSettings('Counters', server.access)).toEqual(settings);
  });

  it.each([
    ['no JSON', 'it is not JSON'],
    ['null', 'minuteRetentionDays is missing or wrong'],
    [JSON.stringify({ ...settings, minuteRetentionDays: 0 }), 'minuteRetentionDays is missing or wrong'],
    [JSON.stringify({ ...settings, hourRetentionDays: '5' }), 'hourRetentionDays is missing or wrong'],
    [JSON.stringify({ ...settings, deduplicationSeconds: -1 }), 'deduplicationSeconds is missing or wrong'],
    [JSON.stringify({ ...settings, uniqueVisitors: 'all' }), 'uniqueVisitors is missing or wrong'],
  ])('that are %s are refused by name', (text, message) => {
    expect(() => parseAggregationSettings(text, 'output X')).toThrow(new SetupError(`output X: ${message}`));
  });
});
