import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 for a connection that ended without an answer. */
  readonly status: number;
  /** Head and body. */
  readonly text: string;
}

export interface RawRequest {
  /** Its first line, without the version. */
  readonly line: string;
  readonly version?: string;
  /** As they go over the wire, a pair a line. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** What a client that is signed says of itself; nothing on the laptop checks the signature. */
export const signed = [
  [
    'Authorization',
    'AWS4-HMAC-SHA256 Credential=S3RVER/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
  ],
  ['X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD'],
  ['X-Amz-Date', new Date().toISOString().replace(/[-:]|\.\d+/g, '')],
] as const;

/** Sends bytes that no HTTP client would, and reads until the other side closes. */
export async function sendRaw(endpoint: string, request: RawRequest): Promise<RawAnswer> {
  const { line, version = 'HTTP/1.1', headers, body = '' } = request;
  const socket = connect(Number(new URL(endpoint).port), '127.0.0.1');
  const lines = [
    `${line} ${version}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    'Connection: close',
  ];
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  // A reset after the answer is an end as well.
  socket.on('error', () => {});
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
  await once(socket, 'close');
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0), text };
}
