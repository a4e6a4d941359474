import { urlAnswer, urlEvent } from '../../../local/function-url/url-event';

const request = {
  method: 'POST',
  target: '/a%20b/events?x=1&y=?2',
  headers: {
    host: '127.0.0.1:4585',
    'content-type': 'text/plain;charset=UTF-8',
    cookie: 'a=1; b=2',
    'user-agent': 'Firefox',
    'x-twice': ['1', '2'],
  },
  address: '127.0.0.1',
  body: Buffer.from('{"é":1}'),
  at: Date.parse('2026-11-28T20:00:00Z'),
};

describe('The event of a function URL', () => {
  it('has what AWS documents of payload format 2.0', () => {
    expect(urlEvent(request)).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a%20b/events',
      rawQueryString: 'x=1&y=?2',
      cookies: ['a=1', 'b=2'],
      headers: {
        host: '127.0.0.1:4585',
        'content-type': 'text/plain;charset=UTF-8',
        'user-agent': 'Firefox',
        'x-twice': '1,2',
      },
      requestContext: {
        accountId: 'anonymous',
        apiId: 'local',
        domainName: '127.0.0.1:4585',
        domainPrefix: 'local',
        http: {
          method: 'POST',
          path: '/a%20b/events',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'Firefox',
        },
        requestId: expect.any(String),
        routeKey: '$default',
        stage: '$default',
        time: '2026-11-28T20:00:00.000Z',
        timeEpoch: 1_795_896_000_000,
      },
      isBase64Encoded: false,
      body: '{"é":1}',
    });
  });

  it('has the body of another type, or that is no UTF-8, in base64, and none where there is none', () => {
    const binary = { ...request, headers: { 'content-type': 'application/octet-stream' } };
    expect(urlEvent(binary)).toMatchObject({ isBase64Encoded: true, body: 'eyLDqSI6MX0=' });
    const broken = { ...request, body: Buffer.from([0x7b, 0xff]) };
    expect(urlEvent(broken)).toMatchObject({ isBase64Encoded: true, body: 'e/8=' });
    expect(urlEvent({ ...request, body: Buffer.alloc(0) })).not.toHaveProperty('body');
  });
});

describe('The answer of a function', () => {
  it('is read with its headers, and its body as text or base64', () => {
    const answer = { statusCode: 201, headers: { 'x-count': 3 }, body: 'aGk=' };
    expect(urlAnswer(answer)).toEqual({
      status: 201,
      headers: { 'x-count': '3' },
      body: Buffer.from('aGk='),
    });
    expect(urlAnswer({ ...answer, isBase64Encoded: true })?.body).toEqual(Buffer.from('hi'));
  });

  it.each([null, 'text', {}, { statusCode: '200' }, { statusCode: 200, body: {} }])(
    'is none: %j',
    (payload) => {
      expect(urlAnswer(payload)).toBeUndefined();
    },
  );
});
