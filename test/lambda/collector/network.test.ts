import { networkHash, networkOf } from '../../../lambda/collector/network';

describe('The network of an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['2001:db8::5:6:7:8:9', '2001:db8:0:5::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('is hashed with the salt of the day, and so says nothing', () => {
    const hash = networkHash(Buffer.from('today'), '203.0.113.7');
    expect(hash).toMatch(/^[\w-]{22}$/);
    expect(networkHash(Buffer.from('today'), '::ffff:203.0.113.7')).toBe(hash);
    expect(networkHash(Buffer.from('tomorrow'), '203.0.113.7')).not.toBe(hash);
  });
});
