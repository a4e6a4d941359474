import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DeviceClass, deviceOf } from '../../../domain/derived/user-agent';

interface Listed {
  readonly userAgent: string;
  readonly deviceCategory: DeviceClass;
}

/** User agents of a large site's visitors in a recent month, with what their screens and platforms say they are. */
function listedUserAgents(): readonly Listed[] {
  const list = join(dirname(require.resolve('user-agents')), 'user-agents.json');
  const all = JSON.parse(readFileSync(list, 'utf8')) as readonly Listed[];
  return [...new Map(all.map((each) => [each.userAgent, each])).values()];
}

describe('The device class', () => {
  it('agrees with a list of user agents that is kept up to date, class by class', () => {
    const agreed = new Map<DeviceClass, { all: number; same: number }>();
    for (const { userAgent, deviceCategory } of listedUserAgents()) {
      const counts = agreed.get(deviceCategory) ?? { all: 0, same: 0 };
      counts.all++;
      if (deviceOf(userAgent).deviceClass === deviceCategory) counts.same++;
      agreed.set(deviceCategory, counts);
    }
    const rate = (deviceClass: DeviceClass) => {
      const { all, same } = agreed.get(deviceClass)!;
      return same / all;
    };

    expect([...agreed.keys()].sort()).toEqual(['desktop', 'mobile', 'tablet']);
    expect(rate('mobile')).toBeGreaterThan(0.95);
    expect(rate('desktop')).toBeGreaterThan(0.95);
    expect(rate('tablet')).toBeGreaterThan(0.8);
  });

  const cases = readFileSync(join(__dirname, '../../fixtures/user-agents.tsv'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t') as [DeviceClass, string]);
  it.each(cases)('is %s of %s', (deviceClass, userAgent) => {
    expect(deviceOf(userAgent).deviceClass).toBe(deviceClass);
  });

  it('reads the beginning, so that no header costs more than a long one of a browser', () => {
    const phone = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Mobile Safari/537.36';

    expect(deviceOf(`${phone} ${'x'.repeat(2000)} HbbTV/1.1`).deviceClass).toBe('mobile');
    expect(deviceOf(`${phone} HbbTV/1.1`).deviceClass).toBe('tv');
  });
});
