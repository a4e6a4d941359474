import { resolveSettings } from '../../lib/resolve-settings';
import { describeOrigins } from '../../lib/setting-origins';

function origins(context: Readonly<Record<string, unknown>>, values?: Readonly<Record<string, unknown>>) {
  const file = values && { path: 'config/prod.json', values };
  return describeOrigins(
    resolveSettings(context, () => file),
    context,
    file,
  );
}

describe('What a deployment does otherwise than its stage', () => {
  it('is nothing where nothing was asked for, or what would be anyway', () => {
    expect(origins({})).toEqual([]);
    expect(origins({ stage: 'prod', batchSize: '5000' }, { logRetentionDays: 90 })).toEqual([]);
  });

  it('is a line for each setting of the file', () => {
    expect(origins({ stage: 'prod' }, { batchSize: '702', streamMode: 'provisioned' })).toEqual([
      'streamMode: "provisioned" by config/prod.json; prod has "on-demand" by default',
      'batchSize: 702 by config/prod.json; prod has 5000 by default',
    ]);
  });

  it('is a line for each flag, with what the next deploy has without it', () => {
    expect(
      origins(
        { stage: 'prod', name: 'omega', batchSize: '5000', batchingWindowSeconds: '9' },
        { batchSize: 702, batchingWindowSeconds: 9 },
      ),
    ).toEqual([
      'name: "omega" by -c, for this time only; prod has "clickstream" by default',
      'batchSize: 5000 by -c, for this time only; config/prod.json has 702',
      'batchingWindowSeconds: 9 by config/prod.json; prod has 5 by default',
    ]);
  });
});
