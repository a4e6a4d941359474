import { parseAccess } from '../../cli/aws-access';
import { SetupError } from '../../cli/setup-error';

describe('access to AWS', () => {
  it('leaves what was not given to the SDK', () => {
    expect(parseAccess({})).toEqual({});
    expect(parseAccess({ region: '', profile: '', 'endpoint-url': '' })).toEqual({});
  });

  it('takes region, profile and address as they are given', () => {
    expect(
      parseAccess({ region: 'eu-west-3', profile: 'dev', 'endpoint-url': 'http://127.0.0.1:4567' }),
    ).toEqual({ region: 'eu-west-3', profile: 'dev', endpoint: 'http://127.0.0.1:4567' });
  });

  it.each([
    'https://kinesis.eu-west-3.amazonaws.com',
    'HTTPS://vpce-1.kinesis.eu-west-3.vpce.amazonaws.com',
    'http://localhost:1/path',
    'http://LOCALHOST:1',
    'http://127.0.0.1',
    'http://127.8.9.10:4567',
    'http://[::1]:4567',
  ])('takes %s', (address) => {
    expect(parseAccess({ 'endpoint-url': address })).toEqual({ endpoint: address });
  });

  it.each([
    'http://kinesis.eu-west-3.amazonaws.com',
    'HTTP://kinesis.eu-west-3.amazonaws.com',
    'http://192.168.1.5:4567',
    'http://localhost.example:4567',
    'http://127.0.0.1.example',
    'http://127.0.0.1@example',
    'http://0.0.0.0:4567',
    'http://[::]:4567',
  ])('refuses %s, over which anybody on the way reads the session token', (address) => {
    const parse = () => parseAccess({ 'endpoint-url': address });

    expect(parse).toThrow(SetupError);
    expect(parse).toThrow(`--endpoint-url is "${address}", over which anybody on the way reads`);
    expect(parse).toThrow('allowed: https://, or http:// on this machine (127.0.0.1, localhost, [::1])');
  });

  it.each(['localhost:4567', 'ftp://127.0.0.1', 'http://', 'http://a b', '127.0.0.1'])(
    'refuses %s, which is no address',
    (address) => {
      const parse = () => parseAccess({ 'endpoint-url': address });

      expect(parse).toThrow(SetupError);
      expect(parse).toThrow(
        `--endpoint-url is "${address}"; allowed: an address such as http://127.0.0.1:4567`,
      );
    },
  );
});
