import fc from 'fast-check';
import { windowSizes } from '../../domain/counters/window';
import { resolveSettings } from '../../lib/resolve-settings';
import { type Settings, type Stage, settingNames } from '../../lib/settings';

interface Range {
  readonly name: keyof Settings;
  readonly low: number;
  readonly high: number;
  /** What must come along for both bounds to be reachable. */
  readonly context?: Readonly<Record<string, unknown>>;
}

const ranges: readonly Range[] = [
  { name: 'shardCount', low: 1, high: 20_000 },
  { name: 'streamRetentionHours', low: 24, high: 8_760, context: { logDays: 400 } },
  { name: 'batchSize', low: 1, high: 10_000 },
  { name: 'batchingWindowSeconds', low: 0, high: 300 },
  { name: 'retryAttempts', low: -1, high: 10_000 },
  {
    name: 'maxRecordAgeSeconds',
    low: 60,
    high: 604_800,
    context: { streamRetentionHours: 336, logDays: 17 },
  },
  { name: 'aggregatorMemoryMiB', low: 128, high: 10_240 },
  { name: 'aggregatorTimeoutSeconds', low: 10, high: 900 },
  { name: 'aggregatorReservedConcurrency', low: 0, high: 10_000 },
  ...windowSizes.map((size, index) => ({
    name: `${size}RetentionDays` as const,
    low: 1,
    high: 3_650,
    // Larger windows live at least as long.
    context: Object.fromEntries(
      windowSizes.map((other, at) => [`${other}RetentionDays`, at < index ? 1 : 3_650]),
    ),
  })),
  { name: 'minutesForDays', low: 0, high: 3_650 },
  { name: 'logDays', low: 4, high: 400 },
  { name: 'compactionSeconds', low: 0, high: 3_600 },
  { name: 'compactorMemoryMiB', low: 128, high: 10_240 },
  { name: 'compactorTimeoutSeconds', low: 30, high: 900 },
  { name: 'deduplicationSeconds', low: 0, high: 900 },
  { name: 'pointInTimeRecoveryDays', low: 1, high: 35 },
  { name: 'onFailureExpiryDays', low: 1, high: 3_650 },
  { name: 'transformerMemoryMiB', low: 128, high: 10_240 },
  { name: 'transformerTimeoutSeconds', low: 1, high: 300 },
  { name: 'transformerReservedConcurrency', low: 0, high: 10_000 },
  { name: 'transformerBufferSeconds', low: 0, high: 900 },
  { name: 'archiveBufferSeconds', low: 0, high: 900 },
  { name: 'archiveBufferMiB', low: 1, high: 128 },
  { name: 'archiveInfrequentAccessDays', low: 0, high: 3_650, context: { archiveExpiryDays: 0 } },
  { name: 'archiveGlacierDays', low: 0, high: 3_650, context: { archiveExpiryDays: 0 } },
  { name: 'archiveExpiryDays', low: 0, high: 36_500 },
  { name: 'invalidSharePercent', low: 1, high: 99 },
  { name: 'lateSharePercent', low: 1, high: 99 },
  { name: 'heartbeatMinutes', low: 0, high: 1_400 },
];

const choices: readonly (readonly [keyof Settings, readonly unknown[], unknown])[] = [
  ['stage', ['dev', 'prod'], 'staging'],
  ['streamMode', ['provisioned', 'on-demand'], 'ON_DEMAND'],
  ['uniqueVisitors', ['off', 'total', 'page'], 'visitors'],
  ['shardLevelMetrics', [true, false], 'yes'],
  ['deletionProtection', [true, false], 1],
  ['alarms', [true, false], 'on'],
  ['encryption', ['aws-managed', 'key-granted', 'customer-managed'], 'none'],
  ['logRetentionDays', [1, 7, 14, 3653], 10],
];

describe('every number', () => {
  it.each(ranges)(
    '$name is taken from $low to $high and refused beyond',
    ({ name, low, high, context = {} }) => {
      for (const value of [low, high]) {
        expect(resolveSettings({ ...context, [name]: value })[name]).toBe(value);
        expect(resolveSettings({ ...context, [name]: String(value) })[name]).toBe(value);
      }
      for (const value of [low - 1, high + 1]) {
        expect(() => resolveSettings({ ...context, [name]: value })).toThrow(
          `${name}: ${value} is not allowed; allowed is a whole number from ${low} to ${high}`,
        );
      }
    },
  );

  it.each(ranges)('$name must be a whole number', ({ name, low, context = {} }) => {
    for (const value of [low + 0.5, `${low}.0`, `${low} `, '', '1e1', 'many', null, Number.NaN, [low]]) {
      expect(() => resolveSettings({ ...context, [name]: value })).toThrow(`${name}: `);
    }
  });
});

describe('every choice', () => {
  it.each(choices)('%s is taken from its list and refused otherwise', (name, allowed, refused) => {
    for (const value of allowed) {
      expect(resolveSettings({ [name]: value })[name]).toBe(value);
      expect(resolveSettings({ [name]: String(value) })[name]).toBe(value);
    }
    expect(() => resolveSettings({ [name]: refused })).toThrow(
      new RegExp(`${name}: ${JSON.stringify(refused)} is not allowed; allowed is .*${allowed[0]}`),
    );
  });

  it('a name is a letter, then up to 39 letters, digits and hyphens', () => {
    for (const name of ['c', `C${'l-0'.repeat(13)}`]) expect(resolveSettings({ name }).name).toBe(name);
    for (const name of ['', '1c', '-c', 'c_s', 'c s', 'ç', 'c\n', 'c'.repeat(41), 7]) {
      expect(() => resolveSettings({ name })).toThrow('name: ');
    }
  });
});

describe('whom the alarms tell', () => {
  const arn = 'arn:aws:sns:eu-central-1:123456789012:on-call';

  it('is an e-mail address, a standard topic, or nobody', () => {
    for (const alarmEmail of ['', 'on-call@shop.example', 'a+b@c.d.example']) {
      expect(resolveSettings({ alarmEmail }).alarmEmail).toBe(alarmEmail);
    }
    for (const alarmTopicArn of ['', arn, arn.replace('aws', 'aws-cn')]) {
      expect(resolveSettings({ alarmTopicArn }).alarmTopicArn).toBe(alarmTopicArn);
    }
    for (const alarmEmail of ['on-call', '@shop.example', 'a@b', 'a b@c.example', 'a@b.example\n', 5]) {
      expect(() => resolveSettings({ alarmEmail })).toThrow('allowed is an e-mail address, or nothing');
    }
    for (const alarmTopicArn of ['on-call', `${arn}.fifo`, arn.replace('sns', 'sqs'), `${arn} `]) {
      expect(() => resolveSettings({ alarmTopicArn })).toThrow('allowed is the ARN of an SNS topic');
    }
  });

  it('is not both, since an address is subscribed to the topic of the deployment', () => {
    expect(() => resolveSettings({ alarmEmail: 'a@b.example', alarmTopicArn: arn })).toThrow(
      'alarmEmail: a@b.example is not allowed; allowed is none with alarmTopicArn',
    );
  });
});

describe('settings together', () => {
  const refusals: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ['a shard count on demand', { streamMode: 'on-demand', shardCount: 1 }, 'shardCount: 1'],
    ['an age above half the retention', { maxRecordAgeSeconds: 43_201 }, 'maxRecordAgeSeconds: 43201'],
    ['a horizon of duplicates below a minute', { deduplicationSeconds: 59 }, 'deduplicationSeconds: 59'],
    ['minutes kept longer than hours', { minuteRetentionDays: 31 }, 'hourRetentionDays: 30'],
    ['hours kept longer than days', { hourRetentionDays: 91 }, 'dayRetentionDays: 90'],
    [
      'a log that does not outlive the stream by three days',
      { streamRetentionHours: 25, logDays: 4 },
      'logDays: 4 is not allowed; allowed is at least 5',
    ],
    [
      'Standard-IA before 30 days',
      { archiveInfrequentAccessDays: 29, archiveExpiryDays: 0 },
      'archiveInfrequentAccess',
    ],
    [
      'Glacier within 30 days of Standard-IA',
      { archiveInfrequentAccessDays: 40, archiveGlacierDays: 69, archiveExpiryDays: 0 },
      'archiveGlacierDays: 69',
    ],
    [
      'expiry on the day of a transition',
      { archiveInfrequentAccessDays: 40, archiveGlacierDays: 70, archiveExpiryDays: 70 },
      'archiveExpiryDays: 70',
    ],
  ];

  it.each(refusals)('%s is refused', (_, context, problem) => {
    expect(() => resolveSettings(context)).toThrow(problem);
  });

  it('the nearest allowed values are taken', () => {
    expect(() => resolveSettings({ maxRecordAgeSeconds: 43_200 })).not.toThrow();
    expect(() => resolveSettings({ minuteRetentionDays: 30 })).not.toThrow();
    expect(() => resolveSettings({ hourRetentionDays: 90 })).not.toThrow();
    expect(() => resolveSettings({ streamRetentionHours: 24, logDays: 4 })).not.toThrow();
    expect(() => resolveSettings({ deduplicationSeconds: 60 })).not.toThrow();
    expect(() =>
      resolveSettings({ archiveInfrequentAccessDays: 30, archiveGlacierDays: 60, archiveExpiryDays: 61 }),
    ).not.toThrow();
  });
});

describe('context', () => {
  it('is dev without a stage, and each stage has defaults that are valid together', () => {
    expect(resolveSettings({})).toEqual(resolveSettings({ stage: 'dev' }));
    expect(resolveSettings({})).toMatchObject({
      streamMode: 'provisioned',
      shardCount: 1,
      archiveBufferSeconds: 60,
    });
    expect(resolveSettings({ stage: 'prod' })).toMatchObject({
      streamMode: 'on-demand',
      archiveBufferSeconds: 300,
    });
    expect(Object.keys(resolveSettings({})).sort()).toEqual([...settingNames].sort());
  });

  it('is refused where a key is a typing error, with the names that exist', () => {
    expect(() => resolveSettings({ batchsize: '5' })).toThrow(/batchsize: is not a setting; .*batchSize/);
    expect(() => resolveSettings({ toString: '5' })).toThrow('toString: is not a setting');
  });

  it('may hold what CDK keeps there', () => {
    const cdk = {
      'aws:cdk:bundling-stacks': [],
      '@aws-cdk/core:target-partitions': ['aws'],
      'availability-zones:account=1:region=eu-west-1': ['a'],
    };
    expect(resolveSettings(cdk)).toEqual(resolveSettings({}));
  });

  it('reports every problem at once', () => {
    expect(() => resolveSettings({ batchSize: 0, shardCount: 'x', oops: 1 })).toThrow(
      /oops: [\s\S]*shardCount: "x"[\s\S]*batchSize: 0/,
    );
  });

  it('gives settings or one error, whatever it holds', () => {
    const name = fc.oneof(fc.constantFrom<string>(...settingNames), fc.string());
    fc.assert(
      fc.property(fc.dictionary(name, fc.anything()), (context) => {
        try {
          expect(Object.keys(resolveSettings(context))).toHaveLength(settingNames.length);
        } catch (error) {
          expect((error as Error).message).toMatch(/^Invalid settings:\n {2}/);
        }
      }),
    );
  });
});

describe("a stage's file", () => {
  const fileOf = (files: Partial<Record<Stage, Readonly<Record<string, unknown>>>>) => (stage: Stage) =>
    files[stage] && { path: `config/${stage}.json`, values: files[stage] };
  const files = fileOf({ dev: { batchSize: 701, shardCount: 3 }, prod: { batchSize: '702' } });

  it('lies on top of the defaults and below the context', () => {
    expect(resolveSettings({ shardCount: '2' }, files)).toEqual({
      ...resolveSettings({}),
      batchSize: 701,
      shardCount: 2,
    });
    expect(resolveSettings({ stage: 'prod' }, files)).toEqual({
      ...resolveSettings({ stage: 'prod' }),
      batchSize: 702,
    });
  });

  it('is checked as the context is, together with it, and named in what is wrong', () => {
    const wrong = fileOf({ dev: { batchSize: 0, bathSize: 4, 'aws:cdk:key': 1 } });
    expect(() => resolveSettings({ batchingWindowSeconds: 301 }, wrong)).toThrow(
      /config\/dev.json: bathSize: is not a setting; [\s\S]*config\/dev.json: aws:cdk:key: is not a setting; [\s\S]*config\/dev.json: batchSize: 0 is not allowed; [\s\S]*\n {2}batchingWindowSeconds: 301/,
    );
    expect(() => resolveSettings({ streamMode: 'on-demand' }, files)).toThrow('shardCount: 3 is not allowed');
  });
});
