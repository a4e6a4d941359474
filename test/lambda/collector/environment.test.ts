import { readEnvironment } from '../../../lambda/collector/environment';

const environment = {
  STREAM_NAME: 'clicks',
  SALT_TABLE_NAME: 'salts',
  ORIGINS: 'https://shop.example,https://blog.example',
  VISITOR_IDS: 'given',
  PRIVACY_CONTROL: 'ignored',
  EVENTS_PER_MINUTE: '70',
  CLOUDFRONT: 'beside',
  CLOUDFRONT_PROOF: 'secret',
};

describe('The environment of the collector', () => {
  it('is read into its settings', () => {
    expect(readEnvironment(environment)).toEqual({
      streamName: 'clicks',
      saltTableName: 'salts',
      origins: new Set(['https://shop.example', 'https://blog.example']),
      visitorIds: 'given',
      privacyControl: 'ignored',
      eventsPerMinute: 70,
      cloudFront: 'beside',
      cloudFrontProof: 'secret',
    });
    expect(readEnvironment({ ...environment, ORIGINS: 'none' }).origins).toEqual(new Set());
  });

  it.each(Object.keys(environment))('is refused without %s', (name) => {
    expect(() => readEnvironment({ ...environment, [name]: undefined })).toThrow(`${name} is not set`);
  });

  it('believes nobody without CloudFront, and is refused with CloudFront and no secret', () => {
    const off = { ...environment, CLOUDFRONT: 'off' };
    expect(readEnvironment(off).cloudFrontProof).toBeUndefined();
    const without = { ...environment, CLOUDFRONT_PROOF: 'none' };
    expect(() => readEnvironment(without)).toThrow('CLOUDFRONT_PROOF is "none": must be CloudFront');
  });

  it('is refused with what is not allowed', () => {
    expect(() => readEnvironment({ ...environment, VISITOR_IDS: 'cookies' })).toThrow(
      'VISITOR_IDS is "cookies": must be one of hashed, given',
    );
  });
});
