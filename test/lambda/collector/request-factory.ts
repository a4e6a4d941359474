import type { LambdaFunctionURLEvent } from 'aws-lambda';

export interface RequestOverrides {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly address?: string;
}

/** An event of a function URL, as a browser's `fetch` makes Lambda send it. */
export function urlEvent(overrides: RequestOverrides = {}): LambdaFunctionURLEvent {
  const { method = 'POST', path = '/events', headers = {}, address = '203.0.113.7' } = overrides;
  const host = 'abc123.lambda-url.eu-north-1.on.aws';
  const all: Record<string, string> = {
    host,
    'content-type': 'text/plain;charset=UTF-8',
    origin: 'https://shop.example',
    'user-agent': 'Mozilla/5.0 Firefox/140.0',
    ...headers,
  };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abc123',
      domainName: host,
      domainPrefix: 'abc123',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: address, userAgent: all['user-agent']! },
      requestId: 'd5e0',
      routeKey: '$default',
      stage: '$default',
      time: '28/Nov/2026:20:00:00 +0000',
      timeEpoch: 1_796_000_000_000,
    },
    isBase64Encoded: overrides.isBase64Encoded ?? false,
    ...(overrides.body !== undefined && { body: overrides.body }),
  };
}
