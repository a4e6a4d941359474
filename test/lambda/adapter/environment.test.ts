import { readEnvironment } from '../../../lambda/adapter/environment';

const environment = { STREAM_NAME: 'clicks', LOG_FORMAT: 'vhost_combined' };

describe('The environment of the adapter', () => {
  it('is read into its settings', () => {
    expect(readEnvironment(environment)).toEqual({ streamName: 'clicks', logFormat: 'vhost_combined' });
  });

  it.each(Object.keys(environment))('is refused without %s', (name) => {
    expect(() => readEnvironment({ ...environment, [name]: undefined })).toThrow(`${name} is not set`);
  });

  it('is refused with a format that has a header', () => {
    expect(() => readEnvironment({ ...environment, LOG_FORMAT: 'cloudfront' })).toThrow('must be one of');
  });
});
