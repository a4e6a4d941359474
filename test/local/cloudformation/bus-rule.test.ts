import { readBusRules } from '../../../local/cloudformation/bus-rule';
import type { JsonObject } from '../../../local/cloudformation/template';

const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks-7';
const target = (overrides: JsonObject = {}): JsonObject => ({
  Id: 'Target0',
  Arn: arn,
  InputPath: '$.detail',
  KinesisParameters: { PartitionKeyPath: '$.detail.visitorId' },
  RetryPolicy: { MaximumRetryAttempts: 3 },
  DeadLetterConfig: { Arn: 'arn:queue' },
  ...overrides,
});
const read = (properties: JsonObject) => {
  const place = { stack: 'Shop', logicalId: 'Rule', type: 'AWS::Events::Rule', path: '' };
  const stack = { name: 'Shop', template: {}, assets: new Map() };
  return readBusRules(
    { stack, name: 'rule-8', arn: 'rule', place, resource: { Type: 'AWS::Events::Rule' }, properties },
    { streamArns: new Set([arn]) },
  );
};

describe('A rule of an event bus', () => {
  const EventPattern = { source: ['shop'] };

  it('is read with its pattern, its stream and its paths', () => {
    expect(read({ EventPattern, EventBusName: 'web', State: 'ENABLED', Targets: [target()] })).toEqual([
      {
        name: 'rule-8',
        bus: 'web',
        pattern: EventPattern,
        streamArn: arn,
        inputPath: ['detail'],
        partitionKeyPath: ['detail', 'visitorId'],
      },
    ]);
  });

  it('puts the whole event under its id on the default bus, unless it says otherwise', () => {
    expect(read({ EventPattern, Targets: [{ Id: 'Target0', Arn: arn }] })).toEqual([
      expect.objectContaining({ bus: 'default', inputPath: [], partitionKeyPath: ['id'] }),
    ]);
  });

  it.each<[JsonObject, string]>([
    [{ EventPattern: { source: [{ suffix: 'x' }] }, Targets: [] }, 'EventPattern.source = '],
    [{ EventPattern, Targets: [target({ Arn: 'arn:other' })] }, 'Targets[0].Arn = "arn:other"'],
    [{ EventPattern, Targets: [target({ InputPath: '$.detail[0]' })] }, 'InputPath = "$.detail[0]"'],
    [{ EventPattern, Targets: [target({ Input: '{}' })] }, 'Input = '],
    [{ EventPattern, State: 'DISABLED', Targets: [] }, 'State = "DISABLED"'],
  ])('is refused for %j', (properties, message) => {
    expect(() => read(properties)).toThrow(message);
  });
});
