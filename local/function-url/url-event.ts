import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request as it came in. */
export interface UrlRequest {
  readonly method: string;
  /** Path and query, as the client sent them. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly address: string;
  readonly body: Buffer;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What Lambda hands over as text; all else in base64. Of text that is not UTF-8 AWS says nothing: here it is no text. */
const isText = (type: string): boolean => /^(?:text\/|application\/(?:json|javascript|xml))/i.test(type);

/** The event of a function URL, payload format 2.0 (AWS docs: Invoking Lambda function URLs, request payload format). */
export function urlEvent({ method, target, headers, address, body, at }: UrlRequest): object {
  const [path = '/', ...query] = target.split('?');
  const isBase64Encoded = body.length > 0 && !(isText(headers['content-type'] ?? '') && isUtf8(body));
  const { cookie, ...others } = headers;
  const host = headers.host ?? '';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query.join('?'),
    ...(cookie && { cookies: cookie.split('; ') }),
    headers: Object.fromEntries(
      Object.entries(others).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
    ),
    requestContext: {
      accountId: 'anonymous',
      apiId: 'local',
      domainName: host,
      domainPrefix: 'local',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: address, userAgent: headers['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: new Date(at).toISOString(),
      timeEpoch: at,
    },
    isBase64Encoded,
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
  };
}

/** What a function's answer says to the client. */
export interface UrlAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Reads an answer in payload format 2.0; undefined for one that Lambda would answer with an error for. */
export function urlAnswer(payload: unknown): UrlAnswer | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { statusCode, headers, body, isBase64Encoded } = payload as {
    statusCode?: unknown;
    headers?: Readonly<Record<string, unknown>>;
    body?: unknown;
    isBase64Encoded?: unknown;
  };
  if (typeof statusCode !== 'number' || (body !== undefined && typeof body !== 'string')) return undefined;
  return {
    status: statusCode,
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])),
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}
