import { randomUUID } from 'node:crypto';
import type { LambdaFunctionURLEvent } from 'aws-lambda';

const host = 'abc123.lambda-url.us-east-1.on.aws';
const userAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** A request of a browser with so many page views of one visit, as its client sends them, as a function's URL hands it over. */
export function pageViews(count: number): LambdaFunctionURLEvent {
  const now = new Date().toISOString();
  const sessionId = randomUUID();
  const events = Array.from({ length: count }, (_, index) => ({
    page: `/lamps/${index}`,
    title: 'Lamps for reading, and for rooms with none',
    referrer: 'https://search.example/',
    eventId: randomUUID(),
    type: 'page_view',
    timestamp: now,
    sessionId,
  }));
  const sourceIp = `203.0.113.${Math.floor(Math.random() * 256)}`;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/events',
    rawQueryString: '',
    headers: {
      host,
      origin: 'https://shop.example',
      'content-type': 'text/plain',
      'user-agent': userAgent,
      'accept-encoding': 'gzip, deflate, br',
    },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abc123',
      domainName: host,
      domainPrefix: 'abc123',
      http: { method: 'POST', path: '/events', protocol: 'HTTP/1.1', sourceIp, userAgent },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: now,
      timeEpoch: Date.parse(now),
    },
    body: JSON.stringify({ sentAt: now, lost: 0, events }),
    isBase64Encoded: false,
  };
}
