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

  it.each(['https://kinesis.eu-west-3.amazonaws.com', 'http://localhost:1/path'])('takes %s', (address) => {
    expect(parseAccess({ 'endpoint-url': address })).toEqual({ endpoint: address });
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
