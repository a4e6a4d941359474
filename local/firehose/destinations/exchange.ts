import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface HttpRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Of the answer; more is not read. */
  readonly maxAnswerBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly isTooLarge: boolean;
}

/** Posts, and takes the answer as it comes: no redirect is followed, nothing is unpacked. Rejects if none comes. */
export type Exchange = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;

/** By Node's own clients, which keep connections. */
export function createExchange(): Exchange {
  const agent = new Agent({ keepAlive: true });
  return ({ url, headers, body, maxAnswerBytes }, signal) =>
    new Promise((resolve, reject) => {
      const options = { method: 'POST', headers: { ...headers, 'content-length': body.byteLength }, signal };
      const isPlain = url.protocol === 'http:';
      const request = isPlain ? requestHttp(url, { ...options, agent }) : requestHttps(url, options);
      request.on('error', reject);
      request.on('response', (response) => {
        read(response, maxAnswerBytes).then(resolve, reject);
      });
      request.end(body);
    });
}

/** Why no answer came, in the system's word for it: `ECONNREFUSED`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

async function read(response: IncomingMessage, maxBytes: number): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      response.destroy();
      break;
    }
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, value?.toString()]),
  );
  const isTooLarge = bytes > maxBytes;
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks), isTooLarge };
}
